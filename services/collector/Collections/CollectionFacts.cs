using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Everything that the state of a collection follows from.</summary>
internal sealed record CollectionFacts
{
    public required CollectionRecord Collection { get; init; }

    public required IReadOnlyList<AskedClause> Asked { get; init; }

    /// <summary>By clause_id, in order of days.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> Coverage { get; init; }

    /// <summary>Days that its searches are at, by clause_id; what was known of them before is being asked again.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<Days>> OpenDays { get; init; }

    /// <summary>Searches of this collection that are not closed, lists included.</summary>
    public required int OpenSearches { get; init; }

    /// <summary>Those of them in which something that was read, or that it paid for, has not become records yet.</summary>
    public required int Unsettled { get; init; }

    /// <summary>Lists that it asked for, profiles of its actors too: how their last reading ended, and which of its searches are at them.</summary>
    public required IReadOnlyDictionary<ListKey, ListFact> Lists { get; init; }
}
