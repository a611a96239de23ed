using System.Globalization;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Units that must have been spent by a time.</summary>
internal sealed record DueUnits(DateTimeOffset By, long Units);

/// <summary>
/// What a lab's refreshes need, as the scheduler told it, and what they have got since. Units that can be spent now, by deadline; and for the forecast, units by
/// the UTC day on which they become due.
/// </summary>
internal sealed record RefreshDemand
{
    /// <summary>The scheduler says it again at least every half hour. One that is silent for so long spends nothing, and nothing is kept for it.</summary>
    private static readonly TimeSpan Longevity = TimeSpan.FromHours(2);

    /// <summary>When it was counted.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Units that can be spent now, the earliest deadline first.</summary>
    public required IReadOnlyList<DueUnits> Due { get; init; }

    /// <summary>Units of the coming days, the first being the day of <see cref="At"/>.</summary>
    public IReadOnlyList<long> Days { get; init; } = [];

    /// <summary>Units that refreshes have got since it was told.</summary>
    public long Served { get; init; }

    /// <summary>Whether it is newer than what is known.</summary>
    public bool Replaces(RefreshDemand? known) => known is null || At > known.At;

    /// <summary>After refreshes got more units, or gave some back.</summary>
    public RefreshDemand With(int units) => units == 0 ? this : this with { Served = Math.Max(0, Served + units) };

    /// <summary>Units that must still have been spent before a time.</summary>
    public long DueBefore(DateTimeOffset time, DateTimeOffset now) =>
        now - At >= Longevity ? 0 : Math.Max(0, Due.Where(due => due.By < time).Sum(due => due.Units) - Served);

    /// <summary>
    /// Whether the deadlines leave no choice: up to one of them, as many units are due as can still be had. What was got since counts for the earliest.
    /// </summary>
    /// <param name="capacity">Units that refreshes can get until a time.</param>
    /// <param name="now">The present.</param>
    public bool IsTight(Func<DateTimeOffset, long> capacity, DateTimeOffset now)
    {
        if (now - At >= Longevity)
        {
            return false;
        }

        var due = -Served;
        foreach (var next in Due)
        {
            due += next.Units;
            if (due > 0 && due >= capacity(next.By))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is due, as it is stored.</summary>
    public string DueText() => string.Join(' ', Due.Select(due => string.Create(CultureInfo.InvariantCulture, $"{due.By.ToUnixTimeMilliseconds()}:{due.Units}")));

    /// <summary>Reverse of <see cref="DueText"/>.</summary>
    public static IReadOnlyList<DueUnits> ReadDue(string text) =>
    [
        .. from part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
           let colon = part.IndexOf(':', StringComparison.Ordinal)
           select new DueUnits(DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(part.AsSpan(0, colon), CultureInfo.InvariantCulture)), long.Parse(part.AsSpan(colon + 1), CultureInfo.InvariantCulture)),
    ];

    /// <summary>The coming days, as they are stored.</summary>
    public string DaysText() => string.Join(' ', Days.Select(units => units.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Reverse of <see cref="DaysText"/>.</summary>
    public static IReadOnlyList<long> ReadDays(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(units => long.Parse(units, CultureInfo.InvariantCulture))];
}
