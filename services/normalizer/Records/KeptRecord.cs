namespace IssueObservatory.Mesh.Normalizer;

/// <summary>A record as a store keeps it.</summary>
/// <param name="Video">What is known of the video.</param>
/// <param name="Document">The same in its stored form.</param>
/// <param name="Sequence">Its latest change.</param>
/// <param name="Matches">For which clauses it came, on which days; one row for each of both.</param>
internal sealed record KeptRecord(StoredVideo Video, string Document, long Sequence, IReadOnlyList<MatchRow> Matches)
{
    /// <summary>The video only.</summary>
    public override string ToString() => Video.ToString();
}
