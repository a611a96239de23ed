namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Whose search goes next: pure. Priorities stand; among searches of equal priority that of the caller that has got least today, so that callers come to equal
/// shares of what is delivered, not of what is asked. A caller that got nothing for the better part of a day goes first once, whatever its priority; refreshes
/// are nobody's and have deadlines instead.
/// </summary>
internal static class Fairness
{
    /// <summary>So long without anything, and a caller goes first: nobody starves for a day.</summary>
    public static readonly TimeSpan LongestHunger = TimeSpan.FromHours(20);

    /// <summary>
    /// The searches in the order in which they are tried. A caller's own searches keep their order, and so do places: a search only changes places with those of
    /// its lab, budget and priority.
    /// </summary>
    public static IReadOnlyList<OpenSearch> Order(IReadOnlyList<OpenSearch> open, Func<OpenSearch, CallerTurn> turnOf, DateTimeOffset now)
    {
        var turns = open.Select(search => (Search: search, Turn: turnOf(search))).ToList();
        var inTurn = turns
            .GroupBy(each => (each.Search.Search.LabId, each.Search.Search.Bucket, each.Search.Search.Priority, Waits: each.Search.Checkpoint.NotBefore > now))
            .ToDictionary(group => group.Key, group => new Queue<OpenSearch>(group.OrderBy(each => each.Turn.Positions).Select(each => each.Search)));
        var ordered = open.Select(search => inTurn[(search.Search.LabId, search.Search.Bucket, search.Search.Priority, search.Checkpoint.NotBefore > now)].Dequeue()).ToList();
        var hungry = turns.Where(each => each.Search.Search.Kind is not SearchKind.Refresh && each.Search.Checkpoint.NotBefore <= now && IsHungry(each.Search.Search.CreatedAt, each.Turn.LastAt, now)).Select(each => each.Search).ToHashSet(ReferenceEqualityComparer.Instance);
        return [.. ordered.Where(hungry.Contains), .. ordered.Where(search => !hungry.Contains(search))];
    }

    /// <summary>
    /// What a page counts for each caller that its search serves: what it brought by use, a video that several want in parts, and what nobody's clause matches
    /// evenly. An empty page counts as one position.
    /// </summary>
    /// <param name="positions">Index positions that it brought.</param>
    /// <param name="outcome">The page.</param>
    /// <param name="wanted">The clauses of each caller, by clause_id.</param>
    public static IReadOnlyDictionary<string, double> Parts(long positions, Outcome outcome, IReadOnlyDictionary<string, IReadOnlySet<string>> wanted)
    {
        var used = wanted.Keys.ToDictionary(caller => caller, _ => 0.0, StringComparer.Ordinal);
        foreach (var (clauseId, videos) in outcome.Matches)
        {
            var callers = wanted.Where(each => each.Value.Contains(clauseId)).Select(each => each.Key).ToList();
            callers.ForEach(caller => used[caller] += (double)videos / callers.Count);
        }

        var all = used.Values.Sum();
        double counted = Math.Max(1, positions);
        var matched = all == 0 ? 0 : Math.Min(counted, outcome.VideoIds.Count - (outcome.Unmatched ?? 0));
        return used.ToDictionary(each => each.Key, each => (all == 0 ? 0 : matched * each.Value / all) + ((counted - matched) / used.Count), StringComparer.Ordinal);
    }

    /// <summary>Whether a caller that has wanted something since a time has gone without for too long.</summary>
    public static bool IsHungry(DateTimeOffset wantedSince, DateTimeOffset? lastAt, DateTimeOffset now) =>
        now - (lastAt > wantedSince ? lastAt.Value : wantedSince) >= LongestHunger;
}
