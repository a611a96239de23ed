namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Which dark days are worth a request today: pure. A range of eight days or more gets one a day to see whether it has healed, and more for days that were
/// jumped over, ⌈log2(n+1)⌉ in all; a shorter one gets one every four days. What was tested today otherwise counts as well.
/// </summary>
internal static class Probing
{
    private const int LongRange = 8;
    private const int DaysBetweenProbesOfShortRange = 4;

    /// <summary>Days to ask for, the most useful ones of each range first.</summary>
    public static IEnumerable<DateOnly> Due(ClassBlackouts known, DateTimeOffset now) => known.DarkStretches.SelectMany(range => DueOf(range, known, now));

    /// <summary>How many days were found dark today by asking for them.</summary>
    public static int TestedOn(ClassBlackouts known, DateTimeOffset now) => known.Days.Values.Count(day => IsTestedToday(day, now));

    /// <summary>Whether one of these days was found dark today by asking for it.</summary>
    public static bool IsTested(Days days, ClassBlackouts known, DateTimeOffset now) => known.Around(days).Any(day => days.Contains(day.Day) && IsTestedToday(day, now));

    private static IEnumerable<DateOnly> DueOf(Days range, ClassBlackouts known, DateTimeOffset now)
    {
        var days = known.Around(range).ToList();
        var bad = days.Where(day => day.Light is DayLight.Bad).OrderBy(day => day.LastAt).ThenBy(day => day.Day).Select(day => day.Day).ToList();
        var suspect = days.Where(day => day.Light is DayLight.Suspect).Select(day => day.Day).ToHashSet();
        var inOrder = Spread(range).Where(suspect.Contains);
        if (range.Count < LongRange)
        {
            var isRested = days.All(day => now - day.LastAt >= TimeSpan.FromDays(DaysBetweenProbesOfShortRange));
            return isRested ? inOrder.Concat(bad).Take(1) : [];
        }

        var tested = days.Count(day => IsTestedToday(day, now));
        var canary = tested == 0 ? bad.Take(1) : [];
        return canary.Concat(inOrder).Take(Math.Max(0, (int)Math.Ceiling(Math.Log2(range.Count + 1)) - tested));
    }

    private static bool IsTestedToday(KnownDay day, DateTimeOffset now) => day.Light is DayLight.Bad && day.LastAt.UtcDateTime.Date >= now.UtcDateTime.Date;

    /// <summary>Every day of a range, in the order of van der Corput: any first few of them lie evenly spread.</summary>
    private static IEnumerable<DateOnly> Spread(Days range)
    {
        var bits = (int)Math.Ceiling(Math.Log2(range.Count + 1));
        for (var i = 0; i < 1 << bits; i++)
        {
            var place = 0;
            for (var bit = 0; bit < bits; bit++)
            {
                place |= ((i >> bit) & 1) << (bits - 1 - bit);
            }

            if (place < range.Count)
            {
                yield return range.From.AddDays(place);
            }
        }
    }
}

/// <summary>
/// The probes that are due, each to be taken by one clause that asks for its day. What fails while the edges of healed days are found counts as well, so that
/// all of it together wastes no more a day than the mesh may make.
/// </summary>
internal sealed class DueProbes
{
    /// <summary>Of what may be wasted a day, in hundredths: kept for the edges of what is found healed.</summary>
    private const int KeptForEdges = 35;

    /// <summary>Of a day's requests, in hundredths: probes waste no more.</summary>
    private const int ShareOfQuota = 2;

    private readonly HashSet<(V1.ClauseClass Class, DateOnly Day)> due = [];

    /// <param name="blackouts">What is known.</param>
    /// <param name="now">When.</param>
    /// <param name="options">How many there may be a day.</param>
    /// <param name="dailyRequests">Requests of a day; 0 when nobody could say.</param>
    public DueProbes(IReadOnlyDictionary<V1.ClauseClass, ClassBlackouts> blackouts, DateTimeOffset now, CollectorOptions options, long dailyRequests)
    {
        var most = dailyRequests > 0 ? (int)Math.Min(options.ProbesPerDay, Math.Max(1, dailyRequests * ShareOfQuota / 100)) : options.ProbesPerDay;
        var left = most - (most * KeptForEdges / 100) - blackouts.Values.Sum(known => Probing.TestedOn(known, now));
        due.UnionWith(blackouts.OrderBy(each => each.Key).SelectMany(each => Probing.Due(each.Value, now).Select(day => (each.Key, day))).Take(Math.Max(0, left)));
    }

    public bool Take(V1.ClauseClass clauseClass, DateOnly day) => due.Remove((clauseClass, day));
}
