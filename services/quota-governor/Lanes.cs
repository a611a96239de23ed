using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// Whose turn a unit is: pure. First refreshes whose deadlines leave no choice, then interactive work; other refreshes and backfill while more is left than
/// today's deadlines and interactive work will want. Callers stay within their caps.
/// </summary>
internal sealed class Lanes(QuotaGovernorOptions options)
{
    /// <summary>Requests a second that refreshes surely come to when nothing else goes before them.</summary>
    private const double SureRate = 0.2;

    /// <summary>Share of a day that backfill may have whatever interactive work will want: nobody gets nothing for a day.</summary>
    private const double BackfillFloor = 0.02;

    /// <summary>As long as nothing has been learned, the interactive share is kept until so long before midnight.</summary>
    private static readonly TimeSpan Release = TimeSpan.FromHours(1);

    private static readonly TimeSpan NextLook = TimeSpan.FromHours(1);
    private static readonly TimeSpan NextLookAtRefreshes = TimeSpan.FromSeconds(5);

    /// <summary>How a budget is shared out.</summary>
    public BudgetPolicy PolicyOf(BucketState state) => state.Policy ?? BudgetPolicy.Default(options);

    /// <summary>Why a unit that is left is not for this request now; null when it is. Expects that a unit is left.</summary>
    public ReserveDecision.Refused? Refuse(BucketState state, QuotaRequest request, DateTimeOffset now)
    {
        if (PolicyOf(state).CallerCaps.TryGetValue(request.Caller, out var cap) && state.Today.UsedBy(request.Caller) >= cap)
        {
            return new(RefusalReason.CallerCap, UtcDay.NextOpening(now, options.MidnightGuard));
        }

        return request.Priority switch
        {
            Priority.Interactive => IsTight(state, now) ? new(RefusalReason.RefreshDue, now + NextLookAtRefreshes) : null,
            Priority.Refresh when DueToday(state, now) > 0 || IsTight(state, now) => null,
            Priority.Backfill when BackfillOf(state) < BudgetPolicy.UnitsOf(BackfillFloor, LimitOf(state)) && !IsTight(state, now) => null,
            _ => HasSpare(state, now) ? null : new(RefusalReason.Reserved, NextSpare(state, now)),
        };
    }

    /// <summary>Whether a request is spread over the day: background work is, when the policy says so and no deadline presses.</summary>
    public bool IsSpread(BucketState state, QuotaRequest request, DateTimeOffset now) =>
        request.Priority is not Priority.Interactive && PolicyOf(state).Mode is PacingMode.Paced && !(request.Priority is Priority.Refresh && IsTight(state, now));

    /// <summary>Units of today that interactive work will likely still want.</summary>
    public long KeptAt(BucketState state, DateTimeOffset time)
    {
        var policy = PolicyOf(state);
        if (policy.InteractiveShare == 0)
        {
            return 0;
        }

        if (InteractiveDemand.ToKeep(state.History, state.Today.Day, time - UtcDay.Start(state.Today.Day)) is { } learned)
        {
            return (long)learned;
        }

        return time < ReleaseOf(state) ? Math.Max(0, BudgetPolicy.UnitsOf(policy.InteractiveShare, LimitOf(state)) - state.Today.InteractiveUsed) : 0;
    }

    private bool HasSpare(BucketState state, DateTimeOffset time) => LeftOf(state) - DueToday(state, time) > KeptAt(state, time);

    /// <summary>When background work may have something, if nothing else is spent until then.</summary>
    private DateTimeOffset NextSpare(BucketState state, DateTimeOffset now)
    {
        var opening = UtcDay.NextOpening(now, options.MidnightGuard);
        if (InteractiveDemand.ToKeep(state.History, state.Today.Day, TimeSpan.Zero) is null && now < ReleaseOf(state))
        {
            return ReleaseOf(state);
        }

        var look = now + NextLook;
        while (look < opening && !HasSpare(state, look))
        {
            look += NextLook;
        }

        return look < opening ? look : opening;
    }

    private static long BackfillOf(BucketState state) => state.Today.Used - state.Today.InteractiveUsed - state.Today.RefreshUsed;

    /// <summary>Refreshes take what their deadlines ask for, up to their share of a day.</summary>
    private bool IsTight(BucketState state, DateTimeOffset now) =>
        RefreshOf(state) is { } demand
        && ShareOf(state) > state.Today.RefreshUsed
        && demand.IsTight(by => Capacity(state, now, by), now);

    /// <summary>Units that refreshes can get until a time: of each day their share, as far as it can be sent by then.</summary>
    private long Capacity(BucketState state, DateTimeOffset now, DateTimeOffset by)
    {
        var today = Math.Min(LeftOf(state), ShareOf(state) - state.Today.RefreshUsed);
        var units = Math.Min(today, Sendable(state, now, by));
        for (var day = state.Today.Day.AddDays(1); UtcDay.Start(day) < by; day = day.AddDays(1))
        {
            units += Math.Min(ShareOf(state), Sendable(state, UtcDay.Start(day) + options.MidnightGuard, by));
        }

        return units;
    }

    /// <summary>Requests that can be sent from a time on, on the same day and before another time.</summary>
    private long Sendable(BucketState state, DateTimeOffset from, DateTimeOffset by)
    {
        var closing = UtcDay.Start(UtcDay.Of(from).AddDays(1)) - options.MidnightGuard;
        var time = (by < closing ? by : closing) - from;
        var rate = Math.Max(SureRate, 4 * LimitOf(state) / TimeSpan.FromDays(1).TotalSeconds);
        return time <= TimeSpan.Zero ? 0 : (long)(time.TotalSeconds * rate);
    }

    private static long DueToday(BucketState state, DateTimeOffset now) =>
        RefreshOf(state)?.DueBefore(UtcDay.Start(state.Today.Day.AddDays(1)), now) ?? 0;

    /// <summary>Refreshes spend from one budget only: no video is read with that of followers.</summary>
    private static RefreshDemand? RefreshOf(BucketState state) => state.Key.Bucket is QuotaBucket.Research ? state.Refresh : null;

    private static DateTimeOffset ReleaseOf(BucketState state) => UtcDay.Start(state.Today.Day.AddDays(1)) - Release;

    private long ShareOf(BucketState state) => BudgetPolicy.UnitsOf(PolicyOf(state).RefreshShare, LimitOf(state));

    private long LeftOf(BucketState state) => LimitOf(state) - state.Used;

    private long LimitOf(BucketState state) => options.LimitOf(state.Key.Bucket);
}
