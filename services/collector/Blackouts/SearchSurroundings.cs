using IssueObservatory.Mesh.ResearchApi;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Looks up what a search can know of what lies around it.</summary>
internal sealed class SearchSurroundings(ICollectorStore store, CollectorOptions options)
{
    /// <summary>With the answer that has just come, as a sign of whether TikTok answers at all.</summary>
    public async Task<(Surroundings Around, Answer Answer)> OfAsync(OpenSearch open, Outcome outcome, Control? control, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var search = open.Search;
        var isFirst = search.Explores && open.Checkpoint.IsFirstPage;
        var known = isFirst ? await store.ReadBlackoutsAsync(search.Class, cancellationToken) : ClassBlackouts.Nothing;
        var end = isFirst && outcome.Class is ApiErrorClass.Internal ? await EndAsync(search, cancellationToken) : search.Window.To;
        var merging = isFirst && outcome.Class is ApiErrorClass.Internal && Witness.IsFor(search) ? await store.ReadMergingAsync(search.LabId, search.Class, cancellationToken) : MergeKnowledge.Nothing;
        var answer = Answer.Of(search, open.Checkpoint, outcome, control, known);
        return (new(known, end) { Merging = merging, Outage = Breaker.After(await store.ReadOutageAsync(cancellationToken), answer, now, options) }, answer);
    }

    private async Task<DateOnly> EndAsync(Search search, CancellationToken cancellationToken)
    {
        if (search.Clauses.Count == 0)
        {
            return search.Window.To;
        }

        var asked = search.Clauses.Select(each => new AskedClause { Clause = each.Clause, Input = "", Days = each.Days }).ToList();
        var state = await store.ReadPlanningStateAsync(search.LabId, asked, [], cancellationToken);
        return EndOf(search.Window, state.OpenSearches.Values.SelectMany(each => each).Select(open => open.Days));
    }

    /// <summary>The last day up to which one open search of the same clauses follows the other, from a window on.</summary>
    internal static DateOnly EndOf(Days window, IEnumerable<Days> open)
    {
        var end = window.To;
        foreach (var days in open.OrderBy(days => days.From))
        {
            if (days.From <= end.AddDays(1) && days.To > end)
            {
                end = days.To;
            }
        }

        return end;
    }
}
