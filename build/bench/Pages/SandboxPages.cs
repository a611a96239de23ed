using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Bench;

/// <summary>Pages of 100 videos with every field, as the sandbox answers them; the same in every run.</summary>
internal static class SandboxPages
{
    public const int VideosAPage = 100;

    private static readonly DateOnly From = new(2026, 2, 1);
    private static readonly DateOnly To = new(2026, 3, 3);

    public static async Task<IReadOnlyList<StoredPage>> FetchAsync(int count, CancellationToken cancellationToken)
    {
        await using var sandbox = await StartAsync(cancellationToken);
        using var http = await ConnectAsync(sandbox, cancellationToken);
        return await WalkAsync(http, count, cancellationToken);
    }

    public static Task<SandboxServer> StartAsync(CancellationToken cancellationToken) => SandboxServer.StartAsync(
        new() { Time = new StandingClock(), Survival = 1, Manners = SandboxManners.Polite, DailyRequests = int.MaxValue }, cancellationToken);

    /// <summary>A client with a token.</summary>
    public static async Task<HttpClient> ConnectAsync(SandboxServer sandbox, CancellationToken cancellationToken)
    {
        var http = new HttpClient { BaseAddress = sandbox.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await TokenAsync(http, cancellationToken));
        return http;
    }

    /// <summary>The first pages of one search, one after the other.</summary>
    public static async Task<IReadOnlyList<StoredPage>> WalkAsync(HttpClient http, int count, CancellationToken cancellationToken)
    {
        List<StoredPage> pages = [];
        var (cursor, search) = (0L, "");
        while (pages.Count < count)
        {
            var body = await AskAsync(http, cursor, search, cancellationToken);
            var facts = PageReader.Read(body, 200);
            if (facts.Items.Count != VideosAPage || !facts.HasMore)
            {
                throw new InvalidOperationException($"Page {pages.Count} of the sandbox has {facts.Items.Count} videos, expected {VideosAPage} and more to come.");
            }

            pages.Add(Page(pages.Count, body));
            (cursor, search) = (facts.Cursor ?? 0, facts.SearchId ?? "");
        }

        return pages;
    }

    private static StoredPage Page(int number, byte[] body) => new()
    {
        PageId = new Guid(number, 0, 0, new byte[8]).ToString("N"),
        Endpoint = ApiEndpoint.VideoQuery,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(body)),
        Status = 200,
        FetchedAt = StandingClock.Now.AddSeconds(number),
        ErrorCode = "ok",
        Body = body,
        Clauses = [new Clause { ClauseId = "c0ffee00c0ffee00", Class = ClauseClass.Query }],
        From = From,
        To = To,
        TikTokSearchId = "7612345678901234567",
    };

    private static async Task<string> TokenAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var form = new FormUrlEncodedContent(
            [new("client_key", "bench"), new("client_secret", "bench"), new("grant_type", "client_credentials")]);
        using var reply = await http.PostAsync(new Uri("/v2/oauth/token/", UriKind.Relative), form, cancellationToken);
        var token = await reply.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return token.GetProperty("access_token").GetString()!;
    }

    private static async Task<byte[]> AskAsync(HttpClient http, long cursor, string search, CancellationToken cancellationToken)
    {
        var ask = new JsonObject
        {
            ["query"] = new JsonObject { ["and"] = new JsonArray(new JsonObject { ["operation"] = "IN", ["field_name"] = "region_code", ["field_values"] = new JsonArray("DK") }) },
            ["start_date"] = $"{From:yyyyMMdd}",
            ["end_date"] = $"{To:yyyyMMdd}",
            ["max_count"] = VideosAPage,
            ["cursor"] = cursor,
        };
        if (search.Length > 0)
        {
            ask["search_id"] = search;
        }

        using var content = new StringContent(ask.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var reply = await http.PostAsync(new Uri($"/v2/research/video/query/?fields={string.Join(',', VideoFields.All)}", UriKind.Relative), content, cancellationToken);
        return await reply.Content.ReadAsByteArrayAsync(cancellationToken);
    }
}
