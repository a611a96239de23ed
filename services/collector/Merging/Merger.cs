using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A clause and days that have to be read for it.</summary>
/// <param name="Clause">With at most a window's days.</param>
/// <param name="Key">What it shares with others, <see cref="MergeKeys.Of(Clause)"/>; empty: it runs alone.</param>
internal readonly record struct NeededWindow(SearchClause Clause, string Key);

/// <summary>Clauses of one search.</summary>
/// <param name="Clauses">Without those of <paramref name="Joins"/>.</param>
/// <param name="Joins">The waiting search that they join; null: none.</param>
internal sealed record MergedClauses(IReadOnlyList<SearchClause> Clauses, WaitingSearch? Joins);

/// <summary>Puts clauses that may share a search together: pure. First those that a waiting search has room for, then the rest among themselves.</summary>
internal sealed class Merger(PlanningState state, CollectorOptions options)
{
    private readonly Dictionary<ClauseClass, int> most = Enum.GetValues<ClauseClass>()
        .ToDictionary(each => each, each => state.Merging.GetValueOrDefault(each, MergeKnowledge.Nothing).Most(each, options));

    private readonly Dictionary<ClauseClass, int> days = Enum.GetValues<ClauseClass>()
        .ToDictionary(each => each, each => state.Merging.GetValueOrDefault(each, MergeKnowledge.Nothing).WindowDays(options));

    private readonly HashSet<string> sinking = [.. state.Merging.Values.SelectMany(known => known.Sinking).Select(each => each.ClauseId)];

    /// <summary>The key under which a clause is merged now; empty: it runs alone.</summary>
    public string KeyOf(Clause clause) => most[clause.Class] > 1 && !sinking.Contains(clause.ClauseId) ? MergeKeys.Of(clause) : "";

    /// <summary>How many days one search may have.</summary>
    public int WindowDays(ClauseClass clauseClass) => days[clauseClass];

    /// <summary>Whether a search can take a clause more.</summary>
    public bool HasRoom(WaitingSearch search) => search.ClauseIds.Count < most[search.Class] && !search.ClauseIds.Any(sinking.Contains);

    public IEnumerable<MergedClauses> Merge(IReadOnlyList<NeededWindow> needed, WaitingSearches waiting)
    {
        // In the order in which they are asked for.
        List<(string Key, Days Days, List<SearchClause> Clauses)> groups = [];
        Dictionary<(string Key, Days Days), int> places = [];
        foreach (var each in needed)
        {
            // An id is found on one day only, so that days beside it cost nothing; other clauses share a search when they need the same days.
            var group = (each.Key, each.Clause.Clause.Class is ClauseClass.Id ? default : each.Clause.Days);
            if (each.Key.Length > 0 && places.TryGetValue(group, out var place))
            {
                groups[place].Clauses.Add(each.Clause);
                continue;
            }

            places[group] = groups.Count;
            groups.Add((group.Key, group.Item2, [each.Clause]));
        }

        return groups.SelectMany(group => Pack(
            [.. group.Clauses.OrderBy(clause => clause.Days.From).ThenBy(clause => clause.Clause.ClauseId, StringComparer.Ordinal)],
            waiting.At(group.Key, group.Days)));
    }

    private IEnumerable<MergedClauses> Pack(IReadOnlyList<SearchClause> same, IEnumerable<WaitingSearch> waiting)
    {
        var (room, longest) = (most[same[0].Clause.Class], days[same[0].Clause.Class]);
        var placed = 0;
        foreach (var search in waiting)
        {
            var joining = Math.Min(room - search.ClauseIds.Count, same.Count - placed);
            if (joining > 0)
            {
                yield return new([.. same.Skip(placed).Take(joining)], search);
                placed += joining;
            }
        }

        List<SearchClause> current = [];
        Days window = default;
        foreach (var each in same.Skip(placed))
        {
            var wider = current.Count > 0 ? window.Union(each.Days) : each.Days;
            if (current.Count > 0 && (current.Count >= room || wider.Count > longest))
            {
                yield return new(current, Joins: null);
                current = [];
                wider = each.Days;
            }

            window = wider;
            current.Add(each);
        }

        if (current.Count > 0)
        {
            yield return new(current, Joins: null);
        }
    }
}
