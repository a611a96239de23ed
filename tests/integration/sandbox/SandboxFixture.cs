using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>A time that stands until it is moved; timers run on the system's.</summary>
internal sealed class StandingTime(DateTimeOffset now) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => now;
}

/// <summary>A reply as a client sees it.</summary>
internal sealed record Reply(int Status, HttpResponseMessage Message, string Text)
{
    public JsonElement Root { get; } = Parse(Text);

    public JsonElement Data => Root.GetProperty("data");

    public JsonElement Error => Root.GetProperty("error");

    public string? Code => Error.GetProperty("code").GetString();

    public string? ErrorText => Error.GetProperty("message").GetString();

    public IReadOnlyList<JsonElement> Videos => [.. Data.GetProperty("videos").EnumerateArray()];

    public IReadOnlyList<long> Ids => [.. Videos.Select(video => video.GetProperty("id").GetInt64())];

    /// <summary>The records under a key of <c>data</c>; none when the key is not there.</summary>
    public IReadOnlyList<JsonElement> List(string name) => Data.TryGetProperty(name, out var list) ? [.. list.EnumerateArray()] : [];

    public IReadOnlyList<string> Keys => [.. Data.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    public long Cursor => Data.GetProperty("cursor").GetInt64();

    public bool HasMore => Data.GetProperty("has_more").GetBoolean();

    public string SearchId => Data.GetProperty("search_id").GetString()!;

    private static JsonElement Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}

/// <summary>A sandbox on a free port with a client that speaks plain HTTP to it, knowing nothing but the contract.</summary>
internal sealed class SandboxFixture : IAsyncDisposable
{
    public const string AllFields =
        "id,video_description,create_time,region_code,share_count,view_count,like_count,comment_count,music_id,hashtag_names,username,effect_ids,playlist_id,voice_to_text";

    public static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly HttpClient http;
    private string token = "";

    private SandboxFixture(SandboxServer server)
    {
        Server = server;
        http = new() { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(20) };
    }

    public SandboxServer Server { get; }

    public HttpClient Http => http;

    /// <summary>Starts with a standing clock and an access token in hand; polite unless the options name faults.</summary>
    public static async Task<SandboxFixture> StartAsync(SandboxOptions? options = null)
    {
        var server = await SandboxServer.StartAsync((options ?? new()) with { Time = new StandingTime(Now), Manners = SandboxManners.Polite }, CancellationToken.None);
        var fixture = new SandboxFixture(server);
        await fixture.RenewTokenAsync();
        return fixture;
    }

    /// <summary>Starts an empty world with <paramref name="count"/> videos tagged <c>dkpol</c> on one day, none of them gone.</summary>
    public static async Task<SandboxFixture> WithVideosAsync(int count, SandboxFaults? faults = null, SandboxOptions? options = null)
    {
        var fixture = await StartAsync((options ?? new()) with { EmptyWorld = true, Faults = faults ?? new() });
        for (var i = 0; i < count; i++)
        {
            fixture.Server.World.Add(Video(i));
        }

        return fixture;
    }

    public static SandboxVideo Video(int number, DateTimeOffset? posted = null)
    {
        var time = posted ?? new DateTimeOffset(2026, 2, 3, 8, 0, 0, TimeSpan.Zero).AddSeconds(number * 20);
        return new()
        {
            Id = (time.AddSeconds(-40).ToUnixTimeSeconds() << 32) | (uint)number,
            CreateTime = time,
            Username = "fjord.for.kommunen",
            Description = "Hvad sker der i folketinget? #dkpol ",
            HashtagNames = ["dkpol"],
            MusicId = 6_800_000_000_000_000_001,
            Counts = new(1000, 100, 10, 5, 1),
        };
    }

    public static string Condition(string field, string operation, params string[] values) =>
        JsonSerializer.Serialize(new { operation, field_name = field, field_values = values });

    public static string Query(params string[] and) => $$"""{"and":[{{string.Join(',', and)}}]}""";

    public static string Body(string query, string start = "20260201", string end = "20260228", string more = "") =>
        $$"""{"query":{{query}},"start_date":"{{start}}","end_date":"{{end}}"{{more}}}""";

    public static string Dkpol(string more = ",\"max_count\":100") => Body(Query(Condition("hashtag_name", "EQ", "dkpol")), more: more);

    public static string Page(Reply previous, string count = ",\"max_count\":100") =>
        Dkpol(string.Create(CultureInfo.InvariantCulture, $"{count},\"cursor\":{previous.Cursor},\"search_id\":\"{previous.SearchId}\""));

    public async Task RenewTokenAsync(string key = "key", string secret = "secret")
    {
        var reply = await TokenAsync($"client_key={key}&client_secret={secret}&grant_type=client_credentials");
        token = reply.Root.GetProperty("access_token").GetString()!;
    }

    public async Task<Reply> TokenAsync(string form, string type = "application/x-www-form-urlencoded") =>
        await ReadAsync(await http.PostAsync("/v2/oauth/token/", new StringContent(form, Encoding.UTF8, type)));

    public Task<Reply> VideosAsync(string body, string? fields = AllFields, CancellationToken cancellationToken = default) =>
        PostAsync("/v2/research/video/query/" + (fields is null ? "" : "?fields=" + Uri.EscapeDataString(fields)), body, cancellationToken: cancellationToken);

    public Task<Reply> UserAsync(string username, string fields = "display_name,bio_description,avatar_url,is_verified,follower_count,following_count,likes_count,video_count") =>
        PostAsync("/v2/research/user/info/?fields=" + fields, JsonSerializer.Serialize(new { username }));

    /// <summary>Asks an endpoint below <c>/v2/research/</c>; the body is written as JSON.</summary>
    public Task<Reply> AskAsync(string path, string? fields, object body) =>
        PostAsync($"/v2/research/{path}/" + (fields is null ? "" : "?fields=" + fields), JsonSerializer.Serialize(body));

    public Task<Reply> PostAsync(string path, string body, string? authorization = null, string type = "application/json", CancellationToken cancellationToken = default) =>
        SendAsync(path, new StringContent(body, Encoding.UTF8, type), authorization, cancellationToken);

    public async Task<Reply> SendAsync(string path, HttpContent content, string? authorization = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Authorization = AuthenticationHeaderValue.Parse(authorization ?? "Bearer " + token);
        return await ReadAsync(await http.SendAsync(request, cancellationToken), cancellationToken);
    }

    /// <summary>All pages of a search, as a patient client reads them: any failure is tried again.</summary>
    public async Task<IReadOnlyList<Reply>> AllPagesAsync(int timeoutSeconds = 20)
    {
        var pages = new List<Reply>();
        var failures = 0;
        while (pages.Count == 0 || pages[^1].HasMore)
        {
            try
            {
                using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(timeoutSeconds));
                var reply = await VideosAsync(pages.Count == 0 ? Dkpol() : Page(pages[^1]), cancellationToken: timeout.Token);
                if (reply.Status == 200 && reply.Root.ValueKind == JsonValueKind.Object)
                {
                    pages.Add(reply);
                    continue;
                }

                if (reply.Status == 401)
                {
                    await RenewTokenAsync();
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
            {
                // Counted below like every other failure.
            }

            if (++failures > 6)
            {
                throw new InvalidOperationException("too many failures");
            }
        }

        return pages;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Server.DisposeAsync();
    }

    private static async Task<Reply> ReadAsync(HttpResponseMessage message, CancellationToken cancellationToken = default) =>
        new((int)message.StatusCode, message, await message.Content.ReadAsStringAsync(cancellationToken));
}
