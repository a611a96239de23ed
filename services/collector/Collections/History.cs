using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What the lab has counted of clauses, and what its full pages held: enough to foretell how many pages a search has. Pure.</summary>
/// <param name="Coverage">Days of each clause, by clause_id.</param>
/// <param name="Merging">By class.</param>
internal sealed record History(IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> Coverage, IReadOnlyDictionary<ClauseClass, MergeKnowledge> Merging)
{
    /// <summary>Days before and after those asked for that tell what to expect of them.</summary>
    private const int Horizon = 365;

    private readonly Dictionary<string, double> perDay = Coverage
        .Select(clause => (Id: clause.Key, Counted: clause.Value.Where(day => day is { State: CoverageState.Complete, Videos: not null }).Select(day => day.Videos!.Value).ToList()))
        .Where(clause => clause.Counted.Count > 0)
        .ToDictionary(clause => clause.Id, clause => clause.Counted.Average(), StringComparer.Ordinal);

    public static readonly History Nothing = new(PlanningState.Nothing.Coverage, PlanningState.Nothing.Merging);

    /// <summary>What has to be looked up for clauses; a list has a length and no days.</summary>
    public static IReadOnlyList<AskedClause> Around(IReadOnlyList<AskedClause> asked) =>
        [.. asked.Where(each => !each.IsList).Select(each => each with { Days = new(each.Days.From.AddDays(-Horizon), each.Days.To.AddDays(Horizon)) })];

    /// <summary>Whether days of the clause have been counted.</summary>
    public bool Knows(Clause clause) => perDay.ContainsKey(clause.ClauseId);

    /// <summary>Pages of a search for videos, 1 or more. A clause that nobody has counted adds none.</summary>
    public long Pages(Search search)
    {
        var matches = search.Clauses.Sum(each => each.Days.Count * perDay.GetValueOrDefault(each.Clause.ClauseId));
        var positions = Merging.GetValueOrDefault(search.Class, MergeKnowledge.Nothing).Yield.Positions(matches, search.Questions.Count > 1);
        return Math.Max(1, (long)Math.Ceiling(positions / VideoQueryRequest.LargestPage));
    }
}
