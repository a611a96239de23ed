using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a plan makes of a lab's rows: pure, from the searches that it joins.</summary>
internal static class PlanKeeping
{
    /// <param name="collection">Whose plan it is.</param>
    /// <param name="plan">What to keep.</param>
    /// <param name="known">The searches that <see cref="Plan.Touched"/> names, as they are kept.</param>
    /// <param name="state">What the plan was made from.</param>
    public static LabChange Apply(CollectionRecord collection, Plan plan, IEnumerable<SearchRecord> known, PlanningState state) =>
        Apply(plan, known, state, search => Joined(search, collection));

    /// <summary>The same of a plan that was made for several collections: each search serves those that ask for something in it.</summary>
    public static LabChange Apply(IReadOnlyList<AskingCollection> together, Plan plan, IEnumerable<SearchRecord> known, PlanningState state)
    {
        var clauses = together.SelectMany(each => each.Asked, (each, asked) => (each.Collection, asked.Clause.ClauseId, asked.Days)).ToLookup(each => each.ClauseId, StringComparer.Ordinal);
        return Apply(plan, known, state, search =>
            search.Search.Clauses
                .SelectMany(each => clauses[each.Clause.ClauseId].Where(asked => asked.Days.Intersect(each.Days) is not null))
                .Select(asked => asked.Collection)
                .Distinct()
                .Aggregate(search, Joined));
    }

    /// <summary>A search that takes the place of a waiting one, in the line as well, asks for what that asked for and serves whom that served, too.</summary>
    private static LabChange Apply(Plan plan, IEnumerable<SearchRecord> known, PlanningState state, Func<SearchRecord, SearchRecord> serving)
    {
        var ending = plan.Joining.ToDictionary(each => each.Ends, each => each.SearchId, StringComparer.Ordinal);
        var searches = known.ToLookup(search => ending.ContainsKey(search.Search.SearchId));
        var replaced = searches[true].ToDictionary(search => ending[search.Search.SearchId], StringComparer.Ordinal);
        return new()
        {
            NewSearches = [.. plan.Searches.Select((search, ordinal) => serving(New(search, ordinal, replaced.GetValueOrDefault(search.SearchId))))],
            Searches = [.. searches[false].Select(serving), .. searches[true].Select(search => search with { Status = SearchStatus.Closed })],
            Coverage = CoverageOf(plan, state),
        };
    }

    private static SearchRecord New(Search search, int ordinal, SearchRecord? replaced) => replaced is null
        ? new() { Search = search, Ordinal = ordinal }
        : new()
        {
            Search = search with { Clauses = [.. replaced.Search.Clauses, .. search.Clauses], CreatedAt = replaced.Search.CreatedAt },
            Ordinal = ordinal,
            Collections = replaced.Collections,
        };

    private static IReadOnlyList<ClauseDay> CoverageOf(Plan plan, PlanningState state) =>
    [
        .. plan.Unripe.SelectMany(each => DayCoverage.Gaps(each.ClauseId, each.Missing, logId: "", searchId: "", state.Coverage)),
        .. plan.Dark.SelectMany(each => DayCoverage.Gaps(each.ClauseId, each.Dark.Missing, each.Dark.LogId, searchId: "", state.Coverage)),
    ];

    private static SearchRecord Joined(SearchRecord search, CollectionRecord collection) => search with
    {
        Collections = With(search.Collections, collection),
        Search = search.Search with { Priority = (Priority)Math.Min((int)search.Search.Priority, (int)collection.Priority) },
    };

    private static IReadOnlyList<string> With(IReadOnlyList<string> collections, CollectionRecord collection) =>
        [.. collections.Append(collection.CollectionId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
