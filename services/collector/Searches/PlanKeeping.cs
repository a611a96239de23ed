using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a plan makes of a lab's rows: pure, from the searches that it joins.</summary>
internal static class PlanKeeping
{
    public static LabChange Apply(CollectionRecord collection, Plan plan, IEnumerable<SearchRecord> joined, PlanningState state) => new()
    {
        NewSearches = [.. plan.Searches.Select((search, ordinal) => new SearchRecord { Search = search, Ordinal = ordinal, Collections = [collection.CollectionId] })],
        Searches = [.. joined.Select(search => Joined(search, collection))],
        Coverage = CoverageOf(plan, state),
    };

    /// <summary>The same of a plan that was made for several collections: each search serves those that ask for something in it.</summary>
    public static LabChange Apply(IReadOnlyList<AskingCollection> together, Plan plan, IEnumerable<SearchRecord> joined, PlanningState state)
    {
        var clauses = together.SelectMany(each => each.Asked, (each, asked) => (each.Collection, asked.Clause.ClauseId, asked.Days)).ToLookup(each => each.ClauseId, StringComparer.Ordinal);
        return new()
        {
            NewSearches = [.. plan.Searches.Select((search, ordinal) => Serving(new() { Search = search, Ordinal = ordinal }))],
            Searches = [.. joined.Select(Serving)],
            Coverage = CoverageOf(plan, state),
        };

        SearchRecord Serving(SearchRecord search) =>
            search.Search.Clauses
                .SelectMany(each => clauses[each.Clause.ClauseId].Where(asked => asked.Days.Intersect(each.Days) is not null))
                .Select(asked => asked.Collection)
                .Distinct()
                .Aggregate(search, Joined);
    }

    private static IReadOnlyList<ClauseDay> CoverageOf(Plan plan, PlanningState state) =>
    [
        .. plan.Unripe.SelectMany(each => DayCoverage.Gaps(each.ClauseId, each.Missing, logId: "", searchId: "", state.Coverage)),
        .. plan.Dark.SelectMany(each => DayCoverage.Gaps(each.ClauseId, each.Dark.Missing, each.Dark.LogId, searchId: "", state.Coverage)),
    ];

    private static SearchRecord Joined(SearchRecord search, CollectionRecord collection) => search with
    {
        Collections = [.. search.Collections.Append(collection.CollectionId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Search = search.Search with { Priority = (Priority)Math.Min((int)search.Search.Priority, (int)collection.Priority) },
    };
}
