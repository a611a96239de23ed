namespace IssueObservatory.Mesh.Sandbox;

/// <summary>How a sandbox is set up. The defaults give a server that follows the contract, as unkindly as the real one.</summary>
public sealed record SandboxOptions
{
    /// <summary>Port of the API on 127.0.0.1, 0 to 65535; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of the management surface on 127.0.0.1; null: none, 0 takes a free one.</summary>
    public int? ManagementPort { get; init; }

    /// <summary>Everything by chance comes from this number: the same seed gives the same videos and the same order of keys.</summary>
    public int Seed { get; init; } = 20260101;

    /// <summary>The clock that the sandbox follows; null: the system's.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>What the sandbox's clock is ahead of <see cref="Time"/> at the start; may be negative.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>Accepted client keys with their secrets. Empty: every key that is not empty, with any secret that
    /// is not empty or with <see cref="RequiredSecret"/>.</summary>
    public IReadOnlyDictionary<string, string> Clients { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The one secret that keys outside <see cref="Clients"/> must bring; null: any.</summary>
    public string? RequiredSecret { get; init; }

    /// <summary>Requests a UTC day and organisation to all endpoints but followers and following, 0 or more.</summary>
    public int DailyRequests { get; init; } = 1000;

    /// <summary>Requests a UTC day and organisation to followers and following, 0 or more.</summary>
    public int DailyFollowRequests { get; init; } = 20000;

    /// <summary>How long an access token lives and what <c>expires_in</c> says, a second or more.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromHours(2);

    /// <summary>No generated data: only what <c>World.Add</c> places.</summary>
    public bool EmptyWorld { get; init; }

    /// <summary>Videos posted on an average day of 2024 or later, 1 to 100,000; fewer in the years before, none before 2018.</summary>
    public int VideosPerDay { get; init; } = 200;

    /// <summary>Number of accounts that post, 4 to 100,000.</summary>
    public int Creators { get; init; } = 240;

    /// <summary>Share of indexed videos that are still there after some months, 0 to 1; recordings show 0.73 to 0.79.</summary>
    public double Survival { get; init; } = 0.75;

    /// <summary>The longest time from posting until a search finds a video; TikTok says 48 hours.</summary>
    public TimeSpan LongestIndexLag { get; init; } = TimeSpan.FromHours(48);

    /// <summary>The organisation of a client key; its keys share both daily buckets. A key that is not named here is its own.</summary>
    public IReadOnlyDictionary<string, string> Organisations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the API takes and refuses where nobody knows for sure.</summary>
    public SandboxRules Rules { get; init; } = new();

    /// <summary>How it behaves where <see cref="Faults"/> are not given.</summary>
    public SandboxManners Manners { get; init; }

    /// <summary>Exactly what goes wrong from the start; null: what the manners say. Can be changed while the sandbox runs.</summary>
    public SandboxFaults? Faults { get; init; }

    internal string? FirstError()
    {
        return this switch
        {
            { Port: < 0 or > 65535 } => $"port is {Port}; allowed is 0 to 65535",
            { ManagementPort: < 0 or > 65535 } => $"management port is {ManagementPort}; allowed is 0 to 65535",
            { DailyRequests: < 0 } => $"daily requests is {DailyRequests}; allowed is 0 or more",
            { DailyFollowRequests: < 0 } => $"daily follow requests is {DailyFollowRequests}; allowed is 0 or more",
            { VideosPerDay: < 1 or > 100_000 } => $"videos per day is {VideosPerDay}; allowed is 1 to 100000",
            { Creators: < 4 or > 100_000 } => $"creators is {Creators}; allowed is 4 to 100000",
            { Survival: < 0 or > 1 } or { Survival: double.NaN } => "survival must be between 0 and 1",
            _ when TokenLifetime < TimeSpan.FromSeconds(1) => "token lifetime must be a second or more",
            _ when LongestIndexLag < TimeSpan.Zero => "longest index lag must not be negative",
            _ => Rules.FirstError() ?? Faults?.FirstError(),
        };
    }
}
