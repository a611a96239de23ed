namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Which days a standing collection asks for at a time: pure. A day is read as soon as it is ripe, at
/// the same moment for every collection, so that they can share searches.
/// </summary>
internal static class StandingDays
{
    /// <summary>What is kept as the last day of clauses that have none.</summary>
    public static readonly DateOnly NoEnd = DateOnly.MaxValue;

    /// <summary>The collection with every day that has ripened; the same one when none has. It never goes back, whatever the clock does.</summary>
    public static CollectionRecord Advance(CollectionRecord collection, DateTimeOffset now, CollectorOptions options)
    {
        if (!collection.IsStanding)
        {
            return collection;
        }

        var ripe = Planner.LastRipe(now, options);
        var last = ripe > collection.EndsOn ? collection.EndsOn.Value : ripe;
        var until = collection.Until > last ? collection.Until.Value : last;
        var isOver = until >= collection.EndsOn;
        return collection with { Until = until, IsStanding = !isOver, NextDayAt = isOver ? null : Planner.RipeAt(until.AddDays(1), options) };
    }

    /// <summary>What it asks for so far. A clause whose first day has not ripened asks for no day yet.</summary>
    public static IReadOnlyList<AskedClause> AskedNow(CollectionRecord collection, IReadOnlyList<AskedClause> asked) =>
        collection.Until is { } until ? Until(asked, until) : asked;

    /// <summary>What these clauses ask for up to a day.</summary>
    public static IReadOnlyList<AskedClause> Until(IReadOnlyList<AskedClause> asked, DateOnly until) =>
        [.. asked.Select(clause => clause.Days.To > until ? clause with { Days = clause.Days with { To = until < clause.Days.From ? clause.Days.From.AddDays(-1) : until } } : clause)];

    /// <summary>The days for which its records are shown: those to come as well, so that a stream that goes on misses none which others read before.</summary>
    public static Days Shown(CollectionRecord collection, Days days) => collection.IsStanding ? days with { To = collection.EndsOn ?? NoEnd } : days;
}
