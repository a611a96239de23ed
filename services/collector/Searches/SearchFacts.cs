namespace IssueObservatory.Mesh.Collector;

/// <summary>A search and the collections that it serves, as they are kept at one moment: what a decision about it looks at.</summary>
internal sealed record SearchFacts(SearchRecord Search, IReadOnlyList<CollectionRecord> Collections)
{
    /// <summary>What is known of its clauses in its window, by clause_id; only needed when it leaves days out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> Coverage { get; init; } = new Dictionary<string, IReadOnlyList<CoveredDay>>(StringComparer.Ordinal);

    /// <summary>What is known of its class; only needed when there is news of it.</summary>
    public ClassBlackouts Blackouts { get; init; } = ClassBlackouts.Nothing;

    /// <summary>What the lab knows of merging its class; only needed when an answer may teach more.</summary>
    public MergeKnowledge Merging { get; init; } = MergeKnowledge.Nothing;

    /// <summary>The collections that these ids name, in their order; those that are not there left out.</summary>
    public IEnumerable<CollectionRecord> Named(IEnumerable<string> collectionIds) =>
        collectionIds.Select(id => Collections.FirstOrDefault(collection => string.Equals(collection.CollectionId, id, StringComparison.Ordinal))).OfType<CollectionRecord>();
}
