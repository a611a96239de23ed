namespace IssueObservatory.Mesh.Collector;

/// <summary>A search and the collections that it serves, as they are kept at one moment: what a decision about it looks at.</summary>
internal sealed record SearchFacts(SearchRecord Search, IReadOnlyList<CollectionRecord> Collections)
{
    /// <summary>What is known of its clauses in its window, by clause_id; only needed when it leaves days out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> Coverage { get; init; } = new Dictionary<string, IReadOnlyList<CoveredDay>>(StringComparer.Ordinal);

    /// <summary>What is known of its class; only needed when there is news of it, or a check of the local match may follow.</summary>
    public ClassBlackouts Blackouts { get; init; } = ClassBlackouts.Nothing;

    /// <summary>What the lab knows of merging its class; only needed when an answer may teach more, or the search has been read to its end.</summary>
    public MergeKnowledge Merging { get; init; } = MergeKnowledge.Nothing;

    /// <summary>Whether TikTok answers at all; only needed when a check of the local match may follow.</summary>
    public Outage Outage { get; init; } = Outage.None;

    /// <summary>What its collections ask for, by collection_id; only needed when a check of the local match may follow.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AskedClause>> Asked { get; init; } = new Dictionary<string, IReadOnlyList<AskedClause>>(StringComparer.Ordinal);

    /// <summary>The collections that these ids name, in their order; those that are not there left out.</summary>
    public IEnumerable<CollectionRecord> Named(IEnumerable<string> collectionIds) =>
        collectionIds.Select(id => Collections.FirstOrDefault(collection => string.Equals(collection.CollectionId, id, StringComparison.Ordinal))).OfType<CollectionRecord>();
}
