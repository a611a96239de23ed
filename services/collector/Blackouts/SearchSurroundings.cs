using IssueObservatory.Mesh.ResearchApi;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Looks up what a search can know of what lies around it.</summary>
internal sealed class SearchSurroundings(ICollectorStore store)
{
    public async Task<Surroundings> OfAsync(OpenSearch open, Outcome outcome, CancellationToken cancellationToken)
    {
        var search = open.Search;
        if (search.Kind is not SearchKind.Videos || !open.Checkpoint.IsFirstPage)
        {
            return new(ClassBlackouts.Nothing, search.Window.To);
        }

        var known = await store.ReadBlackoutsAsync(search.Class, cancellationToken);
        return new(known, outcome.Class is ApiErrorClass.Internal ? await EndAsync(search, cancellationToken) : search.Window.To);
    }

    /// <summary>The last day up to which one search of its clauses follows the other.</summary>
    private async Task<DateOnly> EndAsync(Search search, CancellationToken cancellationToken)
    {
        var asked = search.Clauses.Select(each => new AskedClause { Clause = each.Clause, Input = "", Days = each.Days }).ToList();
        var state = await store.ReadPlanningStateAsync(search.LabId, asked, [], cancellationToken);
        var end = search.Window.To;
        foreach (var open in state.OpenSearches.Values.SelectMany(each => each).OrderBy(open => open.Days.From))
        {
            if (open.Days.From <= end.AddDays(1) && open.Days.To > end)
            {
                end = open.Days.To;
            }
        }

        return end;
    }
}
