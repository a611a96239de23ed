using System.Text.Json.Serialization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A clause that a collection asks for, as it was typed.</summary>
internal sealed record AskedClause
{
    public required Clause Clause { get; init; }

    /// <summary>As typed; empty for actors, ids and queries: their records match no term.</summary>
    public string Term { get; init; } = "";

    /// <summary>The argument that it came from.</summary>
    public required string Input { get; init; }

    /// <summary>Which days; a list has none and is asked for as it always was.</summary>
    public required Days Days { get; init; }

    [JsonIgnore]
    public bool IsList => Clause.Class is ClauseClass.List;

    /// <summary>Which list; only with <see cref="IsList"/>.</summary>
    [JsonIgnore]
    public ListKey List => ListKey.Of(Clause.Endpoint, Clause.Subject);
}

/// <summary>What is known of a clause on a day.</summary>
internal sealed record CoveredDay
{
    public required DateOnly Day { get; init; }

    /// <summary>COMPLETE or GAP.</summary>
    public required CoverageState State { get; init; }

    public GapReason Reason { get; init; }

    /// <summary>TikTok's code when it refused the request.</summary>
    public string Detail { get; init; } = "";

    public string LogId { get; init; } = "";

    /// <summary>A gap is asked for again when somebody asks after this; so is, once, a day that may lack videos.</summary>
    public DateTimeOffset RetryAt { get; init; }

    /// <summary>Of a complete day: how many videos of the clause it brought; null when nobody counted.</summary>
    public int? Videos { get; init; }

    /// <summary>Of a complete day: when its reading began; null when that is not known.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>Of a gap: some of its videos came.</summary>
    public bool IsPartial { get; init; }
}

/// <summary>A search that is not closed, and what it will cover for a clause.</summary>
internal sealed record OpenSearchDays(string SearchId, Days Days);

/// <summary>What the lab already knows or is about to know of the clauses that are asked for.</summary>
internal sealed record PlanningState
{
    public static readonly PlanningState Nothing = new()
    {
        Coverage = new Dictionary<string, IReadOnlyList<CoveredDay>>(StringComparer.Ordinal),
        OpenSearches = new Dictionary<string, IReadOnlyList<OpenSearchDays>>(StringComparer.Ordinal),
        Lists = new Dictionary<ListKey, ListFact>(),
    };

    /// <summary>By clause_id, each in order of days.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> Coverage { get; init; }

    /// <summary>By clause_id.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<OpenSearchDays>> OpenSearches { get; init; }

    /// <summary>Lists that were read or are on their way.</summary>
    public required IReadOnlyDictionary<ListKey, ListFact> Lists { get; init; }

    /// <summary>What every lab knows of blackouts, by class.</summary>
    public IReadOnlyDictionary<ClauseClass, ClassBlackouts> Blackouts { get; init; } = new Dictionary<ClauseClass, ClassBlackouts>();

    /// <summary>What the lab has learnt of merging, by class.</summary>
    public IReadOnlyDictionary<ClauseClass, MergeKnowledge> Merging { get; init; } = new Dictionary<ClauseClass, MergeKnowledge>();

    /// <summary>Searches that wait for their first request and that clauses like the asked ones could join; all collections that they serve are active.</summary>
    public IReadOnlyList<WaitingSearch> Waiting { get; init; } = [];
}

/// <summary>What a collection adds to the lab's work.</summary>
internal sealed record Plan
{
    /// <summary>Searches to be made. One that joins another asks only for what that does not; what is kept asks for both.</summary>
    public required IReadOnlyList<Search> Searches { get; init; }

    /// <summary>Open searches of the lab that the collection joins.</summary>
    public required IReadOnlyList<string> Joined { get; init; }

    /// <summary>Waiting searches that end because one of <see cref="Searches"/> asks for their clauses as well.</summary>
    public IReadOnlyList<Joining> Joining { get; init; } = [];

    /// <summary>Kept searches that the plan changes.</summary>
    public IEnumerable<string> Touched => Joined.Concat(Joining.Select(each => each.Ends));

    /// <summary>Days too young to be read, by clause_id.</summary>
    public required IReadOnlyList<(string ClauseId, MissingDays Missing)> Unripe { get; init; }

    /// <summary>Days that are known to be dark, by clause_id.</summary>
    public IReadOnlyList<(string ClauseId, DarkDays Dark)> Dark { get; init; } = [];

    /// <summary>Clause-days that cost nothing because they are known.</summary>
    public required long CoveredClauseDays { get; init; }

    /// <summary>Clause-days that stay a gap for now.</summary>
    public required IReadOnlyList<(AskedClause Asked, CoveredDay Gap)> KnownGaps { get; init; }

    /// <summary>What it is expected to cost, to be kept with the collection that it begins; null when nobody asked.</summary>
    public EstimatedUnits? Estimate { get; init; }
}

/// <summary>A new search that asks for what a waiting one was to ask for.</summary>
/// <param name="SearchId">The new one.</param>
/// <param name="Ends">The one that ends; those whom it served are served by the new one.</param>
internal sealed record Joining(string SearchId, string Ends);
