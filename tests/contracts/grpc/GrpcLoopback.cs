using System.Net;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Contracts.GrpcContracts;

/// <summary>The real server on a free loopback port, with a channel of the real client to it.</summary>
internal sealed class GrpcLoopback : IAsyncDisposable
{
    private readonly WebApplication _application;

    private GrpcLoopback(WebApplication application, GrpcChannelOptions? client)
    {
        _application = application;
        Address = new Uri(application.Urls.Single());
        Channel = GrpcChannel.ForAddress(Address, client ?? new GrpcChannelOptions());
        Client = new EchoClient(Channel);
    }

    public Uri Address { get; }

    public GrpcChannel Channel { get; }

    public EchoClient Client { get; }

    public static async Task<GrpcLoopback> Start(
        EchoHandlers? handlers = null,
        Action<GrpcServiceOptions>? server = null,
        GrpcChannelOptions? client = null,
        Action<ListenOptions>? listen = null,
        Action<IEndpointRouteBuilder>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, options =>
        {
            options.Protocols = HttpProtocols.Http2;
            listen?.Invoke(options);
        }));
        builder.Services.AddSingleton(handlers ?? new EchoHandlers());
        builder.Services.AddGrpc(options => server?.Invoke(options));

        var application = builder.Build();
        (map ?? (routes => routes.MapGrpcService<EchoService>()))(application);
        await application.StartAsync();
        return new GrpcLoopback(application, client);
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
