using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>A server with the Research API's video query over 300 videos of three days, 100 to a page, and whatever fault a test puts in the way.</summary>
internal sealed class ScriptedTikTok : IAsyncDisposable
{
    private static readonly DateTimeOffset First = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly WebApplication app;
    private readonly List<(long Id, long CreateTime)> videos = [.. Enumerable.Range(0, 300).Select(i => First.AddMinutes(i * 14).ToUnixTimeSeconds()).Select(second => ((second << 32) + 7, second)).Reverse()];

    private ScriptedTikTok(WebApplication app) => this.app = app;

    /// <summary>What stands in the way of page 2, one for each request.</summary>
    public ConcurrentQueue<Func<HttpContext, string, Task>> OnPage2 { get; } = new();

    /// <summary>What stands in the way of every page.</summary>
    public Func<HttpContext, Task>? Always { get; set; }

    /// <summary>Hashtags that a video names, by id; null: none names any, and each is found for every query.</summary>
    public Func<string, IReadOnlyList<string>>? Names { get; set; }

    /// <summary>Whether a video is found for a hashtag; null: when it names it.</summary>
    public Func<string, string, bool>? Finds { get; set; }

    /// <summary>What stands in the way of a query for one hashtag, one for each request; only with <see cref="Names"/>.</summary>
    public ConcurrentQueue<Func<HttpContext, string, Task>> OnAlone { get; } = new();

    /// <summary>Hashtags that were asked for alone.</summary>
    public ConcurrentQueue<string> Alone { get; } = new();

    /// <summary>Requests that arrived: start, end, cursor.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Those that asked for one video only, to see whether anything is answered; they are, whatever happens always.</summary>
    public ConcurrentQueue<string> Controls { get; } = new();

    public IReadOnlyList<string> Ids => [.. videos.Select(video => video.Id.ToString(CultureInfo.InvariantCulture))];

    public Uri Url => new(app.Urls.Single());

    public static async Task<ScriptedTikTok> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new ScriptedTikTok(builder.Build());
        server.app.MapPost("/v2/research/video/query/", server.QueryAsync);
        await server.app.StartAsync();
        return server;
    }

    public static Func<HttpContext, string, Task> Error(int status, string code, string message = "") => (context, _) =>
        WriteAsync(context, status, $$$"""{"data":{},"error":{"code":"{{{code}}}","message":"{{{message}}}","log_id":"20260401"}}""");

    public static Task HtmlAsync(HttpContext context, string page) => WriteAsync(context, 504, "<html><body>504 Gateway Time-out</body></html>");

    public static Task TruncatedAsync(HttpContext context, string page) => WriteAsync(context, 200, page[..(page.Length / 2)]);

    public static async Task CutAsync(HttpContext context, string page)
    {
        context.Response.ContentLength = page.Length;
        await context.Response.WriteAsync(page[..(page.Length / 2)]);
        await context.Response.Body.FlushAsync();
        context.Abort();
    }

    public static async Task SilenceAsync(HttpContext context, string page)
    {
        var gone = new TaskCompletionSource();
        await using var aborted = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    private async Task QueryAsync(HttpContext context)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var (start, end) = (Day(body, "start_date"), Day(body, "end_date").AddDays(1));
        var cursor = body.RootElement.TryGetProperty("cursor", out var given) ? given.GetInt32() : 0;
        var isControl = body.RootElement.TryGetProperty("max_count", out var most) && most.GetInt32() == 1;
        (isControl ? Controls : Requests).Enqueue($"{start:MMdd}-{end.AddDays(-1):MMdd} {cursor}");
        var tags = TagsOf(body);
        var inWindow = videos.Where(video => video.CreateTime >= start.ToUnixTimeSeconds() && video.CreateTime < end.ToUnixTimeSeconds() && IsFound(video.Id, tags)).ToList();
        var items = inWindow.Skip(cursor).Take(100).Select(video => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{video.Id}},"create_time":{{video.CreateTime}},"region_code":"DK"{{NamesOf(video.Id)}}}"""));
        var next = Math.Min(cursor + 100, inWindow.Count);
        var page = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"data":{"videos":[{{{string.Join(',', items)}}}],"cursor":{{{next}}},"has_more":{{{(next < inWindow.Count ? "true" : "false")}}},"search_id":"7160776277492814854"},"error":{"code":"ok","message":"","log_id":"20260401"}}""");
        if (Always is { } always && !isControl)
        {
            await always(context);
        }
        else if (Names is not null && tags is [var alone] && Note(alone) && OnAlone.TryDequeue(out var trouble))
        {
            await trouble(context, page);
        }
        else if (cursor == 100 && OnPage2.TryDequeue(out var fault))
        {
            await fault(context, page);
        }
        else
        {
            await WriteAsync(context, 200, page);
        }
    }

    private bool Note(string tag)
    {
        Alone.Enqueue(tag);
        return true;
    }

    private bool IsFound(long id, IReadOnlyList<string> tags) => Names is null || tags.Any(tag => Finds?.Invoke(Text(id), tag) ?? Names(Text(id)).Contains(tag, StringComparer.Ordinal));

    private string NamesOf(long id) => Names is null ? "" : $",\"hashtag_names\":{JsonSerializer.Serialize(Names(Text(id)))}";

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> TagsOf(JsonDocument body) =>
    [
        .. from condition in body.RootElement.GetProperty("query").GetProperty("and").EnumerateArray()
           where condition.GetProperty("field_name").GetString() == "hashtag_name"
           from value in condition.GetProperty("field_values").EnumerateArray()
           select value.GetString()!,
    ];

    private static DateTimeOffset Day(JsonDocument body, string name) =>
        DateTimeOffset.ParseExact(body.RootElement.GetProperty(name).GetString()!, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private static Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }
}
