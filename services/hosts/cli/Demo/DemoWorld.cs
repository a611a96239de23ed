using IssueObservatory.Mesh.Cli.Sessions;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Demo;

/// <summary>The simulated Research API of the demo: invented videos, a token that ends too early, and days that TikTok cannot answer for.</summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    private const int TokenValidRequests = 15;
    private const int Actors = 3;

    private readonly SandboxServer sandbox;

    private DemoWorld(SandboxServer sandbox) => this.sandbox = sandbox;

    /// <summary>Tokens that were fetched so far.</summary>
    public int TokensFetched => sandbox.Log.Of(SandboxEndpoint.Token).Count;

    /// <summary>Starts it on a free port.</summary>
    public static async Task<DemoWorld> StartAsync(TimeProvider clock, CancellationToken cancellationToken) =>
        new(await SandboxServer.StartAsync(new() { Port = 0, Time = clock, Faults = new() { TokenValidRequests = TokenValidRequests } }, cancellationToken));

    /// <summary>Settings of a mesh that knows this world only, whatever the environment says of the real one.</summary>
    public Dictionary<string, string?> Settings() => new(EmbeddedSettings.OneShot(rate: 0), StringComparer.Ordinal)
    {
        ["RESEARCH_API_BASE_URL"] = sandbox.Address.GetLeftPart(UriPartial.Authority),
        ["TIKTOK_CLIENT_KEY"] = "demo-key",
        ["TIKTOK_CLIENT_SECRET"] = "demo-secret",
        ["TIKTOK_CLIENT_KEY_FILE"] = null,
        ["TIKTOK_CLIENT_SECRET_FILE"] = null,
        ["QUOTA_DAILY_REQUESTS"] = "1000",
    };

    /// <summary>The accounts that post most in these days.</summary>
    public IReadOnlyList<string> BusiestActors(DateOnly from, DateOnly to)
    {
        Dictionary<string, int> posts = new(StringComparer.Ordinal);
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            foreach (var video in sandbox.World.VideosOf(day))
            {
                posts[video.Username] = posts.GetValueOrDefault(video.Username) + 1;
            }
        }

        return
        [
            .. sandbox.World.Creators
                .Where(creator => !creator.Refused && !creator.Username.Contains('\0', StringComparison.Ordinal))
                .OrderByDescending(creator => posts.GetValueOrDefault(creator.Username))
                .ThenBy(creator => creator.Username, StringComparer.Ordinal)
                .Take(Actors)
                .Select(creator => creator.Username),
        ];
    }

    /// <summary>From now on hashtag queries that touch these days fail, as some of TikTok's do.</summary>
    public void Darken(DayRange days) => sandbox.Faults = sandbox.Faults with
    {
        Blackouts = [new(Day(days.From), Day(days.To), "hashtag")],
    };

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => sandbox.DisposeAsync();

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
