using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Searches of the lab that wait for their first request, whosever they are: what a new collection needs for their whole windows can join them for nothing.
/// A joined search ends, and a new one asks for both; a request that is about to be sent for the old one is refused by the store.
/// </summary>
internal sealed class WaitingSearches
{
    private readonly Dictionary<string, SortedDictionary<int, List<WaitingSearch>>> byKey = new(StringComparer.Ordinal);

    /// <summary>Only those with room and as urgent as who asks: nobody urgent waits longer for what is not. Classes that are being explored keep their searches as they are.</summary>
    public WaitingSearches(PlanningState state, Planner.Asker asker, Merger merger)
    {
        foreach (var search in state.Waiting.OrderBy(search => search.SearchId, StringComparer.Ordinal))
        {
            var isFree = search.Priority == asker.Priority && merger.HasRoom(search)
                && state.Blackouts.GetValueOrDefault(search.Class, ClassBlackouts.Nothing).Exploration is null;
            if (!isFree)
            {
                continue;
            }

            if (!byKey.TryGetValue(search.Key, out var windows))
            {
                byKey.Add(search.Key, windows = []);
            }

            var first = search.Window.From.DayNumber;
            if (!windows.TryGetValue(first, out var same))
            {
                windows.Add(first, same = []);
            }

            same.Add(search);
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
    public IEnumerable<WaitingSearch> At(string key, Days window) =>
        byKey.TryGetValue(key, out var windows) && windows.TryGetValue(window.From.DayNumber, out var same) ? same.Where(search => search.Window == window) : [];

    /// <summary>Windows of searches that a clause could join, out of the days that it needs; none shares a day with another.</summary>
    public IReadOnlyList<Days> Within(string key, IReadOnlyList<Days> needed)
    {
        List<Days> joined = [];
        foreach (var window in byKey.TryGetValue(key, out var windows) ? windows.Values.Select(same => same[0].Window) : [])
        {
            if ((joined.Count == 0 || joined[^1].To < window.From) && needed.Any(stretch => stretch.Intersect(window) == window))
            {
                joined.Add(window);
            }
        }

        return joined;
    }
}

/// <summary>A search that waits for its first request, in as few words as a plan needs: a lab may have hundreds, with a hundred clauses and collections each.</summary>
/// <param name="SearchId">Which.</param>
/// <param name="Key">What it shares with others, <see cref="MergeKeys.Of(Search)"/>.</param>
/// <param name="Class">Of its clauses.</param>
/// <param name="Window">Whose days each of them wants.</param>
/// <param name="Priority">Its own.</param>
/// <param name="ClauseIds">What it asks for.</param>
internal sealed record WaitingSearch(string SearchId, string Key, ClauseClass Class, Days Window, Priority Priority, IReadOnlyList<string> ClauseIds)
{
    /// <summary>The same of one as it is kept; null when nobody can join it.</summary>
    public static WaitingSearch? Of(SearchRecord record) =>
        record is { Status: SearchStatus.Open, Search: var search } && record.Checkpoint == Checkpoint.Start && MergeKeys.Of(search) is { Length: > 0 } key
            ? new(search.SearchId, key, search.Class, search.Window, search.Priority, [.. search.Clauses.Select(each => each.Clause.ClauseId)])
            : null;
}

/// <summary>Searches with one of these keys and a window within these days.</summary>
internal sealed record WantedSearches(IReadOnlyList<string> Keys, Days Days);
