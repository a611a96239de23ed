using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Bench;

/// <summary>The two servers, on free ports of this machine.</summary>
internal sealed class EchoServers : IAsyncDisposable
{
    private readonly WebApplication grpc;
    private readonly WebApplication bare;

    private EchoServers(WebApplication grpc, WebApplication bare) => (this.grpc, this.bare) = (grpc, bare);

    /// <summary>Runs <see cref="GrpcEcho"/>.</summary>
    public Uri Grpc => new(grpc.Urls.Single());

    /// <summary>Runs <see cref="BareEcho"/>.</summary>
    public Uri Bare => new(bare.Urls.Single());

    public static async Task<EchoServers> StartAsync(CancellationToken cancellationToken)
    {
        var servers = new EchoServers(Create(services => services.AddGrpc()), Create(_ => { }));
        servers.grpc.MapGrpcService<GrpcEcho>();
        servers.bare.Run(BareEcho.AnswerAsync);
        await servers.grpc.StartAsync(cancellationToken);
        await servers.bare.StartAsync(cancellationToken);
        return servers;
    }

    public async ValueTask DisposeAsync()
    {
        await grpc.DisposeAsync();
        await bare.DisposeAsync();
    }

    private static WebApplication Create(Action<IServiceCollection> add)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        add(builder.Services);
        return builder.Build();
    }
}
