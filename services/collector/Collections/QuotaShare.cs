using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a collection may have of each day's budget as it is shared out now: pure.</summary>
/// <param name="Budget">The budget, as it stands today.</param>
/// <param name="Forecast">What refreshes need of the coming days; null when nobody can say.</param>
/// <param name="Caller">Who asks; a cap may be set for it.</param>
/// <param name="Priority">How urgent it is: interactive work comes before refreshes, but for the share that they may take first, and leaves nothing to others.</param>
internal sealed record QuotaShare(QuotaStatus Budget, GetForecastResponse? Forecast, string Caller, Priority Priority)
{
    /// <summary>Days that are looked ahead; what takes longer is said to take these.</summary>
    private const int MostDays = 3_650;

    /// <summary>Units a day that the collection allows itself; 0: no limit.</summary>
    public long UnitsPerDay { get; init; }

    private bool IsInteractive => Priority is Priority.Interactive;

    /// <summary>Days that so many units take, what is left today first; a part of a day is what it takes of the day's whole budget. 0 without a budget.</summary>
    public double DaysFor(long units)
    {
        if (Budget.Limit <= 0)
        {
            return 0;
        }

        var left = units;
        for (var day = 0; day < MostDays; day++)
        {
            var share = On(day);
            if (left <= share)
            {
                return Math.Round(day + ((double)left / Budget.Limit), 3);
            }

            left -= share;
        }

        return MostDays;
    }

    /// <summary>Units of a day, 0 being today.</summary>
    private long On(int day)
    {
        var policy = Budget.Policy ?? new();
        var refreshes = Budget.Bucket is QuotaBucket.Research && day < (Forecast?.Days.Count ?? 0) ? Forecast!.Days[day].Units : 0;
        var before = IsInteractive ? Math.Min(refreshes, (long)(policy.RefreshShare * Budget.Limit)) : refreshes;
        var kept = IsInteractive ? 0 : day == 0 ? Budget.Kept : (long)(policy.InteractiveShare * Budget.Limit);
        var free = Budget.Limit - (day == 0 ? Budget.Used : 0) - before - kept;
        var cap = policy.CallerCaps.TryGetValue(Caller, out var units) ? units : long.MaxValue;
        return Math.Max(0, Math.Min(free, UnitsPerDay > 0 ? Math.Min(UnitsPerDay, cap) : cap));
    }
}
