using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a plan makes of a lab's rows: pure, from the searches that it joins.</summary>
internal static class PlanKeeping
{
    /// <param name="collection">Whose plan it is.</param>
    /// <param name="plan">What to keep.</param>
    /// <param name="known">The searches that <see cref="Plan.Touched"/> names, as they are kept.</param>
    /// <param name="state">What the plan was made from.</param>
    public static LabChange Apply(CollectionRecord collection, Plan plan, IEnumerable<SearchRecord> known, PlanningState state)
    {
        var ending = plan.Joining.ToDictionary(each => each.Ends, each => each.SearchId, StringComparer.Ordinal);
        var searches = known.ToLookup(search => ending.ContainsKey(search.Search.SearchId));
        var served = searches[true].ToDictionary(search => ending[search.Search.SearchId], search => search.Collections, StringComparer.Ordinal);
        return new()
        {
            NewSearches =
            [
                .. plan.Searches.Select((search, ordinal) => new SearchRecord
                {
                    Search = search,
                    Ordinal = ordinal,
                    Collections = With(served.GetValueOrDefault(search.SearchId, []), collection),
                }),
            ],
            Searches = [.. searches[false].Select(search => Joined(search, collection)), .. searches[true].Select(search => search with { Status = SearchStatus.Closed })],
            Coverage =
            [
                .. plan.Unripe.SelectMany(each => DayCoverage.Gaps(each.ClauseId, each.Missing, logId: "", searchId: "", state.Coverage)),
                .. plan.Dark.SelectMany(each => DayCoverage.Gaps(each.ClauseId, each.Dark.Missing, each.Dark.LogId, searchId: "", state.Coverage)),
            ],
        };
    }

    private static SearchRecord Joined(SearchRecord search, CollectionRecord collection) => search with
    {
        Collections = With(search.Collections, collection),
        Search = search.Search with { Priority = (Priority)Math.Min((int)search.Search.Priority, (int)collection.Priority) },
    };

    private static IReadOnlyList<string> With(IReadOnlyList<string> collections, CollectionRecord collection) =>
        [.. collections.Append(collection.CollectionId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
