namespace IssueObservatory.Mesh.Normalizer;

/// <summary>A record or document as a store keeps it.</summary>
/// <param name="Stored">What is known of it.</param>
/// <param name="Document">The same in its stored form.</param>
/// <param name="Sequence">Its latest change.</param>
/// <param name="Matches">For which clauses it came, on which days; one row for each of both.</param>
internal sealed record KeptRecord(StoredItem Stored, string Document, long Sequence, IReadOnlyList<MatchRow> Matches)
{
    /// <summary>No name.</summary>
    public override string ToString() => Stored.ToString();
}
