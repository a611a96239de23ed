using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>Takes OTLP over HTTP (protobuf) and reads as much of it as the tests need.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();

    private OtlpReceiver(WebApplication server) => this.server = server;

    public Uri Address => new(server.Urls.First());

    public IReadOnlyList<string> Paths => [.. received.Select(one => one.Path).Distinct(StringComparer.Ordinal)];

    /// <summary>Everything that was received, byte by byte as text; good for looking for what must not be there.</summary>
    public string Everything => string.Join('\n', received.Select(one => Encoding.Latin1.GetString(one.Body)));

    public IReadOnlyList<OtlpSpan> Spans => [.. received.Where(one => one.Path == "/v1/traces").SelectMany(one => OtlpSpan.ReadAll(one.Body))];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1AndHttp2));
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        received.Enqueue((context.Request.Path, body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }
}
