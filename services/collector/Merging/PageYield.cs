namespace IssueObservatory.Mesh.Collector;

/// <summary>What pages hold that others follow, so that they are full: TikTok counts positions, of which it shows fewer (what was deleted takes one too), and a video may match several terms.</summary>
/// <param name="Taken">Positions.</param>
/// <param name="Shown">Videos.</param>
/// <param name="Merged">Videos of merged searches among them.</param>
/// <param name="Matches">Matches of those with terms.</param>
internal sealed record PageYield(long Taken, long Shown, long Merged, long Matches)
{
    public static readonly PageYield Nothing = new(0, 0, 0, 0);

    /// <summary>Positions that so many matches take; as many when nothing is known.</summary>
    public double Positions(double matches, bool isMerged)
    {
        var shown = isMerged && Matches > 0 ? matches * Merged / Matches : matches;
        return Shown > 0 ? shown * Taken / Shown : shown;
    }

    /// <summary>With what one more page held.</summary>
    public PageYield With(Search search, Checkpoint checkpoint, Outcome outcome)
    {
        if (!outcome.HasMore || search.Sample > 0 || search.Twin is not null || outcome.Cursor is not { } next || next <= checkpoint.Cursor)
        {
            return this;
        }

        var videos = outcome.VideoIds.Count;
        var with = this with { Taken = Taken + next - checkpoint.Cursor, Shown = Shown + videos };
        return search.Questions.Count > 1 ? with with { Merged = Merged + videos, Matches = Matches + outcome.Matches.Values.Sum() } : with;
    }
}
