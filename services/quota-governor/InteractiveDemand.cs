namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// What interactive work will likely still want of a day, learned from what it used after the same time on the days before: mean + 1.28 σ, so that nine days
/// in ten it is enough (Littlewood's rule for background work that is worth a tenth). It falls to nothing towards midnight, so that nothing is left over.
/// Units count for the hour in which they were wanted: those of people who had to wait until the next day would otherwise teach that nobody asks late.
/// </summary>
internal static class InteractiveDemand
{
    /// <summary>Days that are looked at.</summary>
    public const int DaysKept = 28;

    /// <summary>Fewer days teach nothing.</summary>
    public const int DaysToLearn = 3;

    private const double Deviations = 1.28;

    /// <summary>From then on nothing is kept: what is left can just be spent before midnight.</summary>
    private static readonly TimeSpan LetGo = new(23, 50, 0);

    /// <summary>Whether something can be learned from a day.</summary>
    public static bool LooksAt(DateOnly day, DateOnly today) => day < today && day >= today.AddDays(-DaysKept);

    /// <summary>Units to keep at a time of the day; null while too few days are known. A day without a line is one on which nobody asked.</summary>
    public static double? ToKeep(IReadOnlyList<DayUse> history, DateOnly today, TimeSpan timeOfDay)
    {
        var known = history.Where(day => LooksAt(day.Day, today)).ToList();
        var days = known.Count == 0 ? 0 : today.DayNumber - known.Min(day => day.Day).DayNumber;
        if (days < DaysToLearn)
        {
            return null;
        }

        var (sum, squares) = (0.0, 0.0);
        foreach (var day in known)
        {
            var rest = After(day, timeOfDay);
            sum += rest;
            squares += rest * rest;
        }

        var mean = sum / days;
        return mean + (Deviations * Math.Sqrt(Math.Max(0, (squares / days) - (mean * mean))));
    }

    /// <summary>Interactive units of a day from a time on; within an hour they count as evenly spread.</summary>
    private static double After(DayUse day, TimeSpan timeOfDay)
    {
        var rest = 0.0;
        for (var hour = timeOfDay.Hours; hour < 24; hour++)
        {
            // Of a day that was kept without its hours only the sum is known.
            var units = day.Hours.IsEmpty ? day.InteractiveUsed / 24.0 : day.Hours[hour];
            var start = TimeSpan.FromHours(hour);
            var end = TimeSpan.FromHours(hour + 1);
            var counted = (end < LetGo ? end : LetGo) - (start > timeOfDay ? start : timeOfDay);
            var whole = (end < LetGo ? end : LetGo) - start;
            rest += counted <= TimeSpan.Zero ? 0 : units * (counted / whole);
        }

        return rest;
    }
}
