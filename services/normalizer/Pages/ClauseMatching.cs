using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// Which of a search's clauses a video came for. In a search of one clause the server decides. Merged clauses differ in one atom,
/// so the atoms of their class are looked for in the video (<see cref="LocalMatch"/>); the rest they share, and the server has checked it.
/// </summary>
internal static class ClauseMatching
{
    /// <summary>The clauses that match; or every clause, unattributed, when none does.</summary>
    public static IReadOnlyList<ClauseMatch> Of(VideoItem video, IReadOnlyList<Clause> clauses)
    {
        if (clauses.Count == 1)
        {
            return [new(clauses[0].ClauseId, Attributed: true)];
        }

        ClauseMatch[] matching = [.. clauses.Where(clause => LocalMatch.Holds(video, clause)).Select(clause => new ClauseMatch(clause.ClauseId, Attributed: true))];
        return matching.Length > 0 ? matching : [.. clauses.Select(clause => new ClauseMatch(clause.ClauseId, Attributed: false))];
    }

    /// <summary>The clause of a list: whatever the list holds came for it. A list that no clause asked for came for none.</summary>
    public static IReadOnlyList<ClauseMatch> OfList(IReadOnlyList<Clause> clauses) =>
        [.. clauses.Where(clause => clause.Class is ClauseClass.List).Select(clause => new ClauseMatch(clause.ClauseId, Attributed: true))];
}
