namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What goes wrong, for as long as it is set. What happens a given number of times is a scripted reply.
/// As JSON the names are snake_case and spans are seconds or <c>hh:mm:ss</c>.</summary>
public sealed record SandboxFaults
{
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

    /// <summary>How a <c>search_id</c> that is not ready is refused.</summary>
    public SandboxError SearchIdNotReadyError { get; init; } = SandboxError.SearchIdInvalid;

    /// <summary>A <c>search_id</c> expires for good after it served this many pages, the first included, 1 or more.</summary>
    public int? SearchIdExpiresAfterPages { get; init; }

    /// <summary>An empty page with <c>has_more: true</c> before every n-th page of a search, 1 or more; no video is lost by it.</summary>
    public int? EmptyPageEvery { get; init; }

    /// <summary>Share of additional deleted positions in the index, 0 to below 1: pages come shorter, no video is lost by it.</summary>
    public double ShortPages { get; init; }

    /// <summary>Fields that are left out of a share (0 to 1) of the records, by field name.</summary>
    public IReadOnlyDictionary<string, double> MissingFields { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Later pages spell <c>region_code</c> in lower case, as two recordings do.</summary>
    public bool LowerCaseRegionOnLaterPages { get; init; }

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
        { SearchIdNotReadyError: not (SandboxError.SearchIdInvalid or SandboxError.CursorInvalid or SandboxError.ServerError) } =>
            "search_id_not_ready_error must be search_id_invalid, cursor_invalid or server_error",
        _ when Blackouts.FirstOrDefault(blackout => blackout.To < blackout.From) is { } reversed => $"a blackout ends on {reversed.To:yyyy-MM-dd}, before it begins",
        _ when Blackouts.FirstOrDefault(blackout => blackout.Class is not (null or "hashtag" or "keyword" or "username" or "id")) is { } odd =>
            $"blackout class is '{odd.Class}'; allowed are hashtag, keyword, username, id, or none for all",
        _ when MissingFields.Keys.FirstOrDefault(field => !Api.VideoJson.Fields.Contains(field, StringComparer.Ordinal)) is { } unknown => $"missing_fields names the unknown field '{unknown}'",
        _ => Script.Select(entry => entry.FirstError()).FirstOrDefault(error => error is not null),
    };
}

/// <summary>A query of this class whose window touches these UTC days, both inclusive, answers 500.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day.</param>
/// <param name="Class"><c>hashtag</c>, <c>keyword</c>, <c>username</c> or <c>id</c>, as the query's fields say; null: every query.</param>
public sealed record SandboxBlackout(DateOnly From, DateOnly To, string? Class = null);
