using System.Text.Json.Serialization;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a search reads.</summary>
internal enum SearchKind
{
    /// <summary>Videos of clauses in a window.</summary>
    Videos,

    /// <summary>A list of one subject, e.g. the comments of a video or the profile of a user.</summary>
    List,

    /// <summary>Known videos again, by id.</summary>
    Refresh,
}

/// <summary>A clause that a search serves, and the days that it will have covered for it.</summary>
internal sealed record SearchClause(Clause Clause, Days Days);

/// <summary>Merged clauses × window: what costs quota. This part never changes; <see cref="Checkpoint"/> is the part that does.</summary>
internal sealed record Search
{
    public required string LabId { get; init; }

    public required string SearchId { get; init; }

    public required SearchKind Kind { get; init; }

    public required ClauseClass Class { get; init; }

    /// <summary>At most 31 days.</summary>
    public required Days Window { get; init; }

    /// <summary>One clause, or several that differ in one atom; with List that of the list. Empty with Refresh.</summary>
    public IReadOnlyList<SearchClause> Clauses { get; init; } = [];

    /// <summary>Only with List. Profiles were the only lists once, and are kept without it from then.</summary>
    public ApiEndpoint Endpoint { get; init; }

    /// <summary>Only with List: of whom or what. Kept under the name that it had when there were profiles only.</summary>
    [JsonPropertyName("Username")]
    public string Subject { get; init; } = "";

    /// <summary>Only with Refresh: the scheduler's id; a search that takes over keeps it.</summary>
    public string RefreshId { get; init; } = "";

    /// <summary>Only with Refresh: 1–100 video ids; 1–10,000 ids of what is checked when it only checks.</summary>
    public IReadOnlyList<string> VideoIds { get; init; } = [];

    /// <summary>Only with Refresh: it asks whether these are still there, and reads nothing (<see cref="ComplianceSteps"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public CheckedItems Checks { get; init; }

    public required Priority Priority { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>W3C trace of the call that caused it; empty when none.</summary>
    public string TraceParent { get; init; } = "";

    /// <summary>How often in a row it was resumed as a new search without coming further back in time.</summary>
    public int Restarts { get; init; }

    /// <summary>Whether it only checks what is still there.</summary>
    [JsonIgnore]
    public bool IsCheck => Checks is not CheckedItems.Unspecified;

    /// <summary>Which list it reads; only with List.</summary>
    [JsonIgnore]
    public ListKey List => ListKey.Of(Endpoint is ApiEndpoint.Unspecified ? ApiEndpoint.UserInfo : Endpoint, Subject);

    /// <summary>Which endpoint answers it at this position.</summary>
    public ApiEndpoint Answers(long cursor) => Kind is SearchKind.List ? List.Endpoint : IsCheck ? ComplianceSteps.Answers(cursor) : ApiEndpoint.VideoQuery;

    /// <summary>How that endpoint is asked and read.</summary>
    public ResearchEndpoint Api(long cursor) => Kind is SearchKind.List ? List.Endpoint.Api() : IsCheck ? ComplianceSteps.Api(cursor) : ResearchEndpoints.Videos;

    /// <summary>Which budget pays for its requests.</summary>
    [JsonIgnore]
    public QuotaBucket Bucket => Answers(0).Bucket();

    /// <summary>It asks for one dark day, to see whether it still is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsProbe { get; init; }

    /// <summary>Most videos that it draws at random; 0: it reads all there are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Sample { get; init; }

    /// <summary>The merged search whose half it is, because TikTok refused the whole; null when it is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? HalfOf { get; init; }

    /// <summary>It has a part of a window that TikTok refused, perhaps for its length.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsShortened { get; init; }

    /// <summary>Searches that had read its stretch before and whose pages are suspect, the first ones first; empty unless it reads again.</summary>
    public IReadOnlyList<string> Rereads { get; init; } = [];

    /// <summary>How often in a row its very window was read again.</summary>
    public int RereadsInPlace { get; init; }

    /// <summary>The page for whose sake it reads again; null unless it does.</summary>
    public SuspectPage? Suspect { get; init; }

    /// <summary>Whether it reads again what brought nothing; null unless it does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ZeroCheck? Zero { get; init; }

    /// <summary>What it checks of the local match, instead of covering anything; null unless it does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TwinCheck? Twin { get; init; }

    /// <summary>Whether an answer for its window tells of every day in it: no sample, no list, no check.</summary>
    [JsonIgnore]
    public bool Explores => this is { Kind: SearchKind.Videos, Sample: 0, Twin: null } or { Kind: SearchKind.Refresh, IsCheck: false };

    /// <summary>Whether anything that it asks for may lie on these days of its window.</summary>
    public bool AsksFor(Days days) => Kind is SearchKind.Refresh
        ? VideoIds.Any(id => RefreshedDays.MayLieIn(id, days, Window))
        : Clauses.Any(clause => clause.Days.Intersect(days) is not null);

    /// <summary>Clauses whose days it covers; a list has none, and a check covers none.</summary>
    [JsonIgnore]
    public IReadOnlyList<SearchClause> Dated => Kind is SearchKind.List || Twin is not null ? [] : Clauses;

    /// <summary>The part of it that lies in a window: its clauses there, its share of a sample, and of a refresh all ids, for TikTok returns those that lie there.</summary>
    public Search Within(Days window) => this with
    {
        Window = window,
        Clauses = [.. Clauses.Where(clause => clause.Days.Intersect(window) is not null).Select(clause => clause with { Days = clause.Days.Intersect(window)!.Value })],
        Sample = Samples.Part(Sample, window.Count, Window.Count),
    };

    /// <summary>What it asks for; a clause that it serves on two stretches of days once.</summary>
    [JsonIgnore]
    public IReadOnlyList<Clause> Questions => [.. Clauses.Select(each => each.Clause).DistinctBy(clause => clause.ClauseId, StringComparer.Ordinal)];
}

/// <summary>A page that seems to hold less than there is.</summary>
/// <param name="FromId">Its smallest id; empty without videos.</param>
/// <param name="BelowId">The smallest id of the pages before it; empty when there was none.</param>
/// <param name="IsSmall">Whether it spells countries in small letters.</param>
internal sealed record SuspectPage(string FromId, string BelowId, bool IsSmall);

/// <summary>How far a search is. Moved only after the page it speaks of is durable.</summary>
internal sealed record Checkpoint
{
    public static readonly Checkpoint Start = new();

    /// <summary>Position that the next request asks for; of a check, its step.</summary>
    public long Cursor { get; init; }

    /// <summary>The furthest position that was ever asked for.</summary>
    public long Furthest { get; init; }

    /// <summary>TikTok's search_id; empty before the first page.</summary>
    public string TikTokSearchId { get; init; } = "";

    /// <summary>A later page has been read with that search_id, so it had become known to the back end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SearchIdServed { get; init; }

    /// <summary>Day of the oldest video seen; days after it have been read to the end.</summary>
    public DateOnly? OldestDay { get; init; }

    /// <summary>Number of the next request for this cursor, from 0. With the cursor it is the page's place: never the same twice.</summary>
    public int Attempt { get; init; }

    /// <summary>The highest attempt that any earlier cursor came to.</summary>
    public int MostAttempts { get; init; }

    /// <summary>Repeats of this cursor because of trouble on the way.</summary>
    public int Repeats { get; init; }

    /// <summary>500s on the first page; of a list, pages that hold nothing at all.</summary>
    public int Confirmations { get; init; }

    /// <summary>The next request asks for the same days in the name of somebody else (<see cref="Witness"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AsksWitness { get; init; }

    /// <summary>Somebody else was answered for the same days: a further failure is its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsContradicted { get; init; }

    /// <summary>Tokens in a row that TikTok refused.</summary>
    public int TokenRefusals { get; init; }

    /// <summary>`rate_limit_exceeded` in a row.</summary>
    public int RateLimits { get; init; }

    /// <summary>Pages in a row without a new video or without moving on.</summary>
    public int Fruitless { get; init; }

    /// <summary>Items that a list has brought, each once.</summary>
    public long Items { get; init; }

    /// <summary>Of a sample: different videos that were drawn.</summary>
    public int Drawn { get; init; }

    /// <summary>Of a sample: answers that they came in.</summary>
    public int Draws { get; init; }

    /// <summary>Smallest id seen; empty before the first video.</summary>
    public string LowestId { get; init; } = "";

    /// <summary>When the oldest video seen was posted.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>Videos an hour on the last page that told; 0 before it.</summary>
    public double PerHour { get; init; }

    /// <summary>How the first page that told spelled countries.</summary>
    public RegionSpelling Regions { get; init; }

    /// <summary>Small letters mean nothing here: a page that was suspect for them had missed nothing.</summary>
    public bool TrustsSmall { get; init; }

    /// <summary>Days up to this one may lack videos: their pages stay suspect, and reading again brings nothing more. Null when there is no doubt.</summary>
    public DateOnly? DoubtfulTo { get; init; }

    /// <summary>Only of a check: where it stands with TikTok; null before its first answer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CheckTask? Check { get; init; }

    /// <summary>Why a refresh ended without an answer; empty while it goes on and when it was answered.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Nothing is sent before this.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>Grant of a request that was sent and has no outcome yet.</summary>
    public string InFlightGrant { get; init; } = "";

    /// <summary>UTC day that pays for the request in flight; means nothing without one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateOnly? PaidOn { get; init; }

    /// <summary>A grant whose outcome is known here and not yet to the governor, for whom it still is in flight; null when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UntoldGrant? Untold { get; init; }

    /// <summary>Whether the governor waits, or may wait, for what became of a grant.</summary>
    [JsonIgnore]
    public bool IsAwaited => InFlightGrant.Length > 0 || Untold is not null;

    public bool IsFirstPage => Cursor == 0 && TikTokSearchId.Length == 0;
}

/// <summary>What became of a grant, for whoever comes to tell the governor.</summary>
internal sealed record UntoldGrant(string GrantId, GrantOutcome Outcome);
