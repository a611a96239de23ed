namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What goes wrong, for as long as it is set. What happens a given number of times is a scripted reply.
/// As JSON the names are snake_case and spans are seconds or <c>hh:mm:ss</c>.</summary>
public sealed record SandboxFaults
{
    /// <summary>Nothing goes wrong.</summary>
    public static SandboxFaults Polite { get; } = new();

    /// <summary>What clients report of usual days; no video can be had but by asking again or otherwise.</summary>
    public static SandboxFaults Rude { get; } = new()
    {
        SearchIdNotReadyShare = 0.25,
        SearchIdNotReadyTries = 2,
        SearchIdNotReadyError = null,
        SearchIdChanges = 0.05,
        EmptyPages = 0.06,
        ShortPages = 0.08,
        SparseSearches = 0.08,
        MissingFields = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["like_count"] = 0.02,
            ["share_count"] = 0.01,
            ["comment_count"] = 0.01,
            ["music_id"] = 0.01,
            ["hashtag_info_list"] = 0.05,
        },
        BareEmptyResults = true,
        BoundaryDuplicates = true,
        ServerErrors = [new(0.01)],
        FalseServerErrors = [new(0.5, SandboxEndpoint.Playlist), new(0.05, SandboxEndpoint.UserInfo), new(0.05, SandboxEndpoint.Reposted)],
    };

    /// <summary>The faults of these manners.</summary>
    public static SandboxFaults Of(SandboxManners manners) => manners == SandboxManners.Polite ? Polite : Rude;

    /// <summary>An access token is refused after this many authenticated requests, 1 or more, although <c>expires_in</c> promised longer.</summary>
    public int? TokenValidRequests { get; init; }

    /// <summary>An access token is refused after this time, although <c>expires_in</c> promised longer.</summary>
    public TimeSpan? TokenValidFor { get; init; }

    /// <summary>What <c>expires_in</c> says instead of the truth; may be negative.</summary>
    public long? TokenExpiresIn { get; init; }

    /// <summary>The next requests, this many, get 429 <c>rate_limit_exceeded</c>; they are not counted.</summary>
    public int RateLimitedRequests { get; init; }

    /// <summary>More requests than this in a sliding minute and client key get 429 <c>rate_limit_exceeded</c>; null: no such limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Somebody else of the organisation has used the day up: 429 <c>daily_quota_limit_exceeded</c> until the next 00:00 UTC.</summary>
    public bool DailyLimitReached { get; init; }

    /// <summary>Days and classes whose queries answer 500, always, counted.</summary>
    public IReadOnlyList<SandboxBlackout> Blackouts { get; init; } = [];

    /// <summary>A fresh <c>search_id</c> is refused this many times before it works, 0 or more; each try is counted.</summary>
    public int SearchIdNotReadyTries { get; init; }

    /// <summary>A fresh <c>search_id</c> is refused for this time before it works.</summary>
    public TimeSpan SearchIdNotReadyFor { get; init; }

    /// <summary>Share of searches (0 to 1) whose <c>search_id</c> is not ready; the others' works at once.</summary>
    public double SearchIdNotReadyShare { get; init; } = 1;

    /// <summary>How a <c>search_id</c> that is not ready is refused; null: one of the three ways, by chance.</summary>
    public SandboxError? SearchIdNotReadyError { get; init; } = SandboxError.SearchIdInvalid;

    /// <summary>Share of later pages (0 to 1) that name another <c>search_id</c> than the one they were asked with; both work.</summary>
    public double SearchIdChanges { get; init; }

    /// <summary>A <c>search_id</c> expires for good after it served this many pages, the first included, 1 or more.</summary>
    public int? SearchIdExpiresAfterPages { get; init; }

    /// <summary>An empty page with <c>has_more: true</c> before every n-th page of a search, 1 or more; no video is lost by it.</summary>
    public int? EmptyPageEvery { get; init; }

    /// <summary>Share of pages (0 to below 1) with such an empty page before them.</summary>
    public double EmptyPages { get; init; }

    /// <summary>Share of additional deleted positions in the index, 0 to below 1: pages come shorter, no video is lost by it.</summary>
    public double ShortPages { get; init; }

    /// <summary>Fields that are left out of a share (0 to 1) of the records, by field name.</summary>
    public IReadOnlyDictionary<string, double> MissingFields { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Later pages spell <c>region_code</c> in lower case, as two recordings do.</summary>
    public bool LowerCaseRegionOnLaterPages { get; init; }

    /// <summary>Share of searches (0 to 1) whose later pages know a sixth of the videos and spell regions in lower case.
    /// The rest is lost to that search without a word; another search finds it.</summary>
    public double SparseSearches { get; init; }

    /// <summary>Share of searches (0 to 1) that find nothing, with success.</summary>
    public double SilentZeros { get; init; }

    /// <summary>Accounts that sink every query that names them, with 500.</summary>
    public IReadOnlyList<string> PoisonousUsernames { get; init; } = [];

    /// <summary>Video records carry their <c>id</c> as text.</summary>
    public bool IdsAsText { get; init; }

    /// <summary>Lists that run back in time begin a page with the last entry of the one before, "on or before" including it.</summary>
    public bool BoundaryDuplicates { get; init; }

    /// <summary>500 instead of a reply, counted.</summary>
    public IReadOnlyList<SandboxFailure> ServerErrors { get; init; } = [];

    /// <summary>500 with a perfectly good body, counted.</summary>
    public IReadOnlyList<SandboxFailure> FalseServerErrors { get; init; } = [];

    /// <summary>Batch compliance tasks fail.</summary>
    public bool ComplianceFails { get; init; }

    /// <summary>Searches without a result leave out <c>videos</c> and <c>search_id</c>.</summary>
    public bool BareEmptyResults { get; init; }

    /// <summary>Endpoints that answer 401 <c>scope_not_authorized</c>.</summary>
    public IReadOnlyList<SandboxEndpoint> ScopeNotAuthorized { get; init; } = [];

    /// <summary>What the <c>Date</c> header is ahead of the sandbox's clock; may be negative.</summary>
    public TimeSpan DateHeaderSkew { get; init; }

    /// <summary>Replies to enqueue when these faults are set.</summary>
    public IReadOnlyList<SandboxScriptedReply> Script { get; init; } = [];

    /// <summary>The first fault of these faults in words; null: they can be used.</summary>
    internal string? FirstError() => this switch
    {
        { TokenValidRequests: < 1 } => "token_valid_requests must be 1 or more",
        { RateLimitedRequests: < 0 } => "rate_limited_requests must be 0 or more",
        { RequestsPerMinute: < 1 } => "requests_per_minute must be 1 or more",
        { SearchIdNotReadyTries: < 0 } => "search_id_not_ready_tries must be 0 or more",
        { SearchIdExpiresAfterPages: < 1 } => "search_id_expires_after_pages must be 1 or more",
        { EmptyPageEvery: < 1 } => "empty_page_every must be 1 or more",
        { ShortPages: < 0 or >= 1 or double.NaN } => "short_pages must be 0 to below 1",
        { EmptyPages: < 0 or >= 1 or double.NaN } => "empty_pages must be 0 to below 1",
        _ when FirstShare() is { } share => $"{share} must be 0 to 1",
        _ when SearchIdNotReadyFor < TimeSpan.Zero => "search_id_not_ready_for must not be negative",
        { SearchIdNotReadyError: not (null or SandboxError.SearchIdInvalid or SandboxError.CursorInvalid or SandboxError.ServerError) } =>
            "search_id_not_ready_error must be search_id_invalid, cursor_invalid or server_error",
        _ when Blackouts.FirstOrDefault(blackout => blackout.To < blackout.From) is { } reversed => $"a blackout ends on {reversed.To:yyyy-MM-dd}, before it begins",
        _ when Blackouts.FirstOrDefault(blackout => blackout.Class is not (null or "hashtag" or "keyword" or "username" or "id")) is { } odd =>
            $"blackout class is '{odd.Class}'; allowed are hashtag, keyword, username, id, or none for all",
        _ when MissingFields.Keys.FirstOrDefault(field => !Api.VideoJson.Fields.Contains(field, StringComparer.Ordinal)) is { } unknown => $"missing_fields names the unknown field '{unknown}'",
        _ => Script.Select(entry => entry.FirstError()).FirstOrDefault(error => error is not null),
    };

    private string? FirstShare() => new (string Name, double Share)[]
        {
            ("search_id_not_ready_share", SearchIdNotReadyShare),
            ("search_id_changes", SearchIdChanges),
            ("sparse_searches", SparseSearches),
            ("silent_zeros", SilentZeros),
        }
        .Concat(ServerErrors.Select(failure => ("server_errors", failure.Share)))
        .Concat(FalseServerErrors.Select(failure => ("false_server_errors", failure.Share)))
        .Concat(MissingFields.Select(field => ("missing_fields", field.Value)))
        .Where(one => one.Item2 is not (>= 0 and <= 1))
        .Select(one => one.Item1)
        .FirstOrDefault();
}

/// <summary>A query of this class whose window touches these UTC days, both inclusive, answers 500.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Class"><c>hashtag</c>, <c>keyword</c>, <c>username</c> or <c>id</c>, as the query's fields say; null: every query.</param>
public sealed record SandboxBlackout(DateOnly From, DateOnly To, string? Class = null);
