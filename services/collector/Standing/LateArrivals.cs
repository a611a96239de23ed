using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Which days of standing collections are read once more, because videos may have come late: pure. A day is read as soon as most of it can be found, and again
/// when the index has settled; whole calendar weeks at a time, so that a week costs one search more, and only where a video a unit can be expected of it. Weeks
/// that are not worth it alone wait for others, for a while.
/// </summary>
internal static class LateArrivals
{
    public static readonly IReadOnlySet<(string ClauseId, DateOnly Day)> None = new HashSet<(string, DateOnly)>();

    private const int Week = 7;

    /// <summary>What comes late of all the videos of a day, as long as nobody has measured it.</summary>
    private const double LateShare = 0.02;

    /// <summary>Days for which weeks wait for others, and for which one that failed is tried again.</summary>
    private const int Patience = 21;

    /// <summary>Of each search a day, what it adds.</summary>
    public static double SearchesPerDay(CollectorOptions options) => options.RereadAtDays > options.IndexLagDays + 1 ? 1.0 / Week : 0;

    /// <summary>The clause-days that are due now.</summary>
    public static IReadOnlySet<(string ClauseId, DateOnly Day)> Due(
        IReadOnlyList<AskedClause> asked, IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> coverage, DateTimeOffset now, CollectorOptions options)
    {
        var settled = Days.DayOf(now).AddDays(-options.RereadAtDays);
        if (options.RereadAtDays == 0)
        {
            return None;
        }

        var early =
            from clause in asked
            where !clause.IsList && !clause.Clause.IsRandom
            from day in coverage.GetValueOrDefault(clause.Clause.ClauseId, [])
            where clause.Days.Contains(day.Day) && day.Day >= settled.AddDays(-Patience) && EndOfWeek(day.Day) <= settled && WasEarly(day, options)
            select (clause.Clause.ClauseId, day.Day, Videos: day.Videos!.Value);
        var due = early.Distinct().ToList();
        return IsWorthIt(due.Sum(each => (long)each.Videos)) ? due.Select(each => (each.ClauseId, each.Day)).ToHashSet() : None;
    }

    private static bool WasEarly(CoveredDay day, CollectorOptions options) =>
        day is { State: CoverageState.Complete, Videos: not null, ReadAt: { } readAt } && Days.DayOf(readAt) < day.Day.AddDays(options.RereadAtDays);

    private static bool IsWorthIt(long videos) => videos > 0 && LateShare * videos >= Math.Ceiling(videos / 100.0);

    private static DateOnly EndOfWeek(DateOnly day) => DateOnly.FromDayNumber((day.DayNumber / Week * Week) + Week - 1);
}
