using System.Collections.Concurrent;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a collection asked for is written once and looked at with every page: those of the last few are kept as they were read.</summary>
internal sealed class AskedCache
{
    private const int Most = 16;

    private readonly ConcurrentDictionary<(string LabId, string CollectionId), Asking> known = new();

    /// <summary>What was read before; null when it was not.</summary>
    public Asking? Find(string labId, string collectionId) => known.GetValueOrDefault((labId, collectionId));

    /// <summary>Keeps what was read of a collection that is there.</summary>
    public Asking Keep(string labId, string collectionId, Asking asking)
    {
        if (known.Count >= Most)
        {
            known.Clear();
        }

        return known[(labId, collectionId)] = asking;
    }
}

/// <summary>Clauses and lists of a collection.</summary>
internal sealed record Asking(IReadOnlyList<AskedClause> Asked, IReadOnlyList<ListKey> Lists)
{
    public static readonly Asking Nothing = new([], []);
}
