namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A situation that a client can rehearse: what goes wrong, and what a good client does about it.</summary>
public sealed class SandboxScenario
{
    private SandboxScenario(string name, string sentence, Func<IReadOnlyList<SandboxRequest>, IReadOnlyList<SandboxCheck>> judge) =>
        (Name, Sentence, Judge) = (name, sentence, judge);

    /// <summary>The access token is refused in the middle.</summary>
    public static SandboxScenario TokenEnds { get; } = new("token_ends", "The access token is refused on a video query.", Rehearsals.Judges.TokenEnds)
    {
        Script = [new() { Endpoint = SandboxEndpoint.VideoQuery, Reply = SandboxReplyKind.TokenInvalid }],
    };

    /// <summary>One endpoint lacks its scope, and its 401 is not about the token.</summary>
    public static SandboxScenario ScopeMissing { get; } = new("scope_missing", "Followers and following answer 401 scope_not_authorized, all else works.", Rehearsals.Judges.ScopeMissing)
    {
        Faults = faults => faults with { ScopeNotAuthorized = [SandboxEndpoint.Followers, SandboxEndpoint.Following] },
    };

    /// <summary>The short-window 429.</summary>
    public static SandboxScenario SlowDown { get; } = new("slow_down", "Two video queries get 429 rate_limit_exceeded.", Rehearsals.Judges.SlowDown)
    {
        Script = [new() { Endpoint = SandboxEndpoint.VideoQuery, Reply = SandboxReplyKind.RateLimited, Times = 2 }],
    };

    /// <summary>The daily 429.</summary>
    public static SandboxScenario DayIsSpent { get; } = new("day_is_spent", "Somebody else has used up the organisation's day.", Rehearsals.Judges.DayIsSpent)
    {
        Faults = faults => faults with { DailyLimitReached = true },
    };

    /// <summary>A fresh search_id that the back end does not know yet.</summary>
    public static SandboxScenario SearchNotReady { get; } = new("search_not_ready", "A second page is refused three times, in the three known ways.", Rehearsals.Judges.SearchNotReady)
    {
        Script =
        [
            new() { Endpoint = SandboxEndpoint.VideoQuery, Page = SandboxPage.Later, Reply = SandboxReplyKind.SearchIdInvalid },
            new() { Endpoint = SandboxEndpoint.VideoQuery, Page = SandboxPage.Later, Reply = SandboxReplyKind.CursorInvalid },
            new() { Endpoint = SandboxEndpoint.VideoQuery, Page = SandboxPage.Later, Reply = SandboxReplyKind.ServerError },
        ],
    };

    /// <summary>A search that never comes back.</summary>
    public static SandboxScenario SearchLost { get; } = new("search_lost", "Every search_id expires after its first page.", Rehearsals.Judges.SearchLost)
    {
        Faults = faults => faults with { SearchIdExpiresAfterPages = 1 },
    };

    /// <summary>Days that answer 500 whatever one does.</summary>
    public static SandboxScenario DarkDays { get; } = new("dark_days", "Every video query answers 500.", Rehearsals.Judges.DarkDays)
    {
        Faults = faults => faults with { Blackouts = [new(DateOnly.MinValue, DateOnly.MaxValue)] },
    };

    /// <summary>500 with a good body.</summary>
    public static SandboxScenario FalseError { get; } = new("false_error", "User info and playlists answer 500 with a perfectly good body.", Rehearsals.Judges.FalseError)
    {
        Faults = faults => faults with { FalseServerErrors = [new(1, SandboxEndpoint.UserInfo), new(1, SandboxEndpoint.Playlist)] },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SandboxScenario> All { get; } =
        [TokenEnds, ScopeMissing, SlowDown, DayIsSpent, SearchNotReady, SearchLost, DarkDays, FalseError];

    /// <summary>As the management surface calls it.</summary>
    public string Name { get; }

    /// <summary>What goes wrong.</summary>
    public string Sentence { get; }

    internal IReadOnlyList<SandboxScriptedReply> Script { get; private init; } = [];

    internal Func<SandboxFaults, SandboxFaults> Faults { get; private init; } = faults => faults;

    internal Func<IReadOnlyList<SandboxRequest>, IReadOnlyList<SandboxCheck>> Judge { get; }
}
