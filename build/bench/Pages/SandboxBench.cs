using System.Runtime.CompilerServices;
using System.Text.Json;
using IssueObservatory.Mesh.ResearchApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Bench;

/// <summary>A walk through pages of 100 videos that the sandbox makes as it answers, beside a bare server that has them ready. The client reads both in the same way.</summary>
internal sealed class SandboxBench : IBench
{
    private const int Rounds = 9;
    private const int Pages = 40;

    public string Name => "sandbox";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var sandbox = await SandboxPages.StartAsync(cancellationToken);
        using var http = await SandboxPages.ConnectAsync(sandbox, cancellationToken);
        var ready = (await SandboxPages.WalkAsync(http, Pages, cancellationToken)).ToDictionary(page => PageReader.Read(page.Body, page.Status).Cursor ?? 0, page => page.Body.ToArray());
        await using var server = await StartBareAsync(ready, cancellationToken);
        using var bare = new HttpClient { BaseAddress = new(server.Urls.Single()) };

        yield return await Race.RunAsync("pages of 100 videos over HTTP, one after the other; bare: the same bytes, ready", "pages/s", Rounds, token => WalkAsync(http, token), token => WalkAsync(bare, token), cancellationToken);
    }

    private static Task<Lap> WalkAsync(HttpClient http, CancellationToken cancellationToken) => Lap.OfAsync(Pages, () => SandboxPages.WalkAsync(http, Pages, cancellationToken));

    private static async Task<WebApplication> StartBareAsync(IReadOnlyDictionary<long, byte[]> ready, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Run(async context =>
        {
            using var asked = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var body = ready[asked.RootElement.GetProperty("cursor").GetInt64() + SandboxPages.VideosAPage];
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        });
        await server.StartAsync(cancellationToken);
        return server;
    }
}
