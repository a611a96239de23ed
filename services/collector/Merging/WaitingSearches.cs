using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Searches of the lab that wait for their first request, whosever they are: what a new collection needs for their whole windows can join them for nothing.
/// A joined search ends, and a new one asks for both; a request that is about to be sent for the old one is refused by the store.
/// </summary>
internal sealed class WaitingSearches
{
    private readonly Dictionary<string, SortedDictionary<int, List<SearchRecord>>> byKey = new(StringComparer.Ordinal);

    /// <summary>Only those with room and as urgent as who asks: nobody urgent waits longer for what is not. Classes that are being explored keep their searches as they are.</summary>
    public WaitingSearches(PlanningState state, Planner.Asker asker, Merger merger)
    {
        foreach (var record in state.Waiting.OrderBy(record => record.Search.SearchId, StringComparer.Ordinal))
        {
            var isFree = record.Search.Priority == asker.Priority && record.Checkpoint == Checkpoint.Start && merger.HasRoom(record.Search)
                && state.Blackouts.GetValueOrDefault(record.Search.Class, ClassBlackouts.Nothing).Exploration is null;
            if (!isFree || MergeKeys.Of(record.Search) is not { Length: > 0 } key)
            {
                continue;
            }

            if (!byKey.TryGetValue(key, out var windows))
            {
                byKey.Add(key, windows = []);
            }

            var first = record.Search.Window.From.DayNumber;
            if (!windows.TryGetValue(first, out var same))
            {
                windows.Add(first, same = []);
            }

            same.Add(record);
        }
    }

    /// <summary>What a store has to look for; null: nothing that is asked can join anything.</summary>
    public static WantedSearches? Wanted(IReadOnlyList<AskedClause> asked)
    {
        var free = asked.Where(clause => !clause.IsList && !clause.Clause.IsRandom && clause.Clause.Class is not ClauseClass.Id).ToList();
        var keys = free.Select(clause => MergeKeys.Of(clause.Clause)).Where(key => key.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        return keys.Count == 0 ? null : new(keys, free.Select(clause => clause.Days).Aggregate((one, other) => one.Union(other)));
    }

    /// <summary>Those that ask for this window.</summary>
    public IEnumerable<SearchRecord> At(string key, Days window) =>
        byKey.TryGetValue(key, out var windows) && windows.TryGetValue(window.From.DayNumber, out var same) ? same.Where(record => record.Search.Window == window) : [];

    /// <summary>Windows of searches that a clause could join, out of the days that it needs; none shares a day with another.</summary>
    public IReadOnlyList<Days> Within(string key, IReadOnlyList<Days> needed)
    {
        List<Days> joined = [];
        foreach (var record in byKey.TryGetValue(key, out var windows) ? windows.Values.Select(same => same[0]) : [])
        {
            var window = record.Search.Window;
            if ((joined.Count == 0 || joined[^1].To < window.From) && needed.Any(stretch => stretch.Intersect(window) == window))
            {
                joined.Add(window);
            }
        }

        return joined;
    }
}

/// <summary>Searches with one of these keys and a window within these days.</summary>
internal sealed record WantedSearches(IReadOnlyList<string> Keys, Days Days);
