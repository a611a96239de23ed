using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A clause and days that have to be read for it.</summary>
/// <param name="Clause">With at most a window's days.</param>
/// <param name="Key">What it shares with others, <see cref="MergeKeys.Of"/>; empty: it runs alone.</param>
internal readonly record struct NeededWindow(SearchClause Clause, string Key);

/// <summary>Puts clauses that may share a search together: pure.</summary>
internal static class Merger
{
    /// <summary>The clauses of each search.</summary>
    public static IEnumerable<IReadOnlyList<SearchClause>> Merge(IReadOnlyList<NeededWindow> needed, CollectorOptions options)
    {
        Dictionary<(string Key, Days Days), List<SearchClause>> groups = [];
        foreach (var each in needed)
        {
            if (each.Key.Length == 0)
            {
                yield return [each.Clause];
                continue;
            }

            // An id is found on one day only, so that days beside it cost nothing; other clauses share a search when they need the same days.
            var group = (each.Key, each.Clause.Clause.Class is ClauseClass.Id ? default : each.Clause.Days);
            if (!groups.TryGetValue(group, out var same))
            {
                groups.Add(group, same = []);
            }

            same.Add(each.Clause);
        }

        foreach (var merged in groups.Values.SelectMany(same => Pack(same, options)))
        {
            yield return merged;
        }
    }

    private static IEnumerable<IReadOnlyList<SearchClause>> Pack(IReadOnlyList<SearchClause> same, CollectorOptions options)
    {
        var most = same[0].Clause.Class is ClauseClass.Id ? options.MaxIds : options.MaxMergedClauses;
        List<SearchClause> current = [];
        Days window = default;
        foreach (var each in same.OrderBy(clause => clause.Days.From).ThenBy(clause => clause.Clause.ClauseId, StringComparer.Ordinal))
        {
            var wider = current.Count > 0 ? window.Union(each.Days) : each.Days;
            if (current.Count > 0 && (current.Count >= most || wider.Count > options.WindowDays))
            {
                yield return current;
                current = [];
                wider = each.Days;
            }

            window = wider;
            current.Add(each);
        }

        if (current.Count > 0)
        {
            yield return current;
        }
    }
}
