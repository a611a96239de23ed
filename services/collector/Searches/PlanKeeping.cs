using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a plan makes of a lab's rows: pure, from the searches that it joins.</summary>
internal static class PlanKeeping
{
    public static LabChange Apply(CollectionRecord collection, Plan plan, IEnumerable<SearchRecord> joined, PlanningState state) => new()
    {
        NewSearches = [.. plan.Searches.Select((search, ordinal) => new SearchRecord { Search = search with { Caller = collection.Caller }, Ordinal = ordinal, Collections = [collection.CollectionId] })],
        Searches = [.. joined.Select(search => Joined(search, collection))],
        Coverage =
        [
            .. plan.Unripe.SelectMany(each => DayCoverage.Gaps(each.ClauseId, each.Missing, logId: "", searchId: "", state.Coverage)),
            .. plan.Dark.SelectMany(each => DayCoverage.Gaps(each.ClauseId, each.Dark.Missing, each.Dark.LogId, searchId: "", state.Coverage)),
        ],
    };

    private static SearchRecord Joined(SearchRecord search, CollectionRecord collection) => search with
    {
        Collections = [.. search.Collections.Append(collection.CollectionId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        Search = search.Search with { Priority = (Priority)Math.Min((int)search.Search.Priority, (int)collection.Priority) },
    };
}
