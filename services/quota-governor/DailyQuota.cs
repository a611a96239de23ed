using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>What was decided about a request for a unit.</summary>
internal abstract record ReserveDecision
{
    private ReserveDecision()
    {
    }

    /// <summary>Permission, and how its budget's grants go on from it.</summary>
    internal sealed record Granted(QuotaGrant Grant, Course Course) : ReserveDecision;

    /// <summary>No request now.</summary>
    internal sealed record Refused(RefusalReason Reason, DateTimeOffset RetryAt) : ReserveDecision;
}

/// <summary>The budget of a day as others see it.</summary>
internal sealed record BudgetReading(QuotaKey Key, DateOnly Day, long Used, long Limit, DateTimeOffset ResetsAt, long InFlight)
{
    /// <summary>How it is shared out.</summary>
    public required BudgetPolicy Policy { get; init; }

    /// <summary>Units of today that background work leaves to interactive work now.</summary>
    public long Kept { get; init; }

    /// <summary>Callers whose work has used units of it on the days that are looked at.</summary>
    public CallerNames Callers { get; init; } = new([]);
}

/// <summary>The rule of the daily budget: pure, one answer for one state, request and time.</summary>
internal sealed class DailyQuota(QuotaGovernorOptions options)
{
    /// <summary>No request is on its way longer than this: the whole of a call takes at most 300 s.</summary>
    public static readonly TimeSpan LongestFlight = TimeSpan.FromSeconds(330);

    private static readonly TimeSpan IdleBeforeNewStart = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SoonAgain = TimeSpan.FromMilliseconds(200);

    private readonly Lanes lanes = new(options);

    /// <summary>Grants that were not marked SENT in time, taken back, and the state without them.</summary>
    public static (BucketState State, IReadOnlyList<QuotaGrant> TakenBack) TakeBackExpired(BucketState state, DateTimeOffset now)
    {
        var expired = state.Open.Where(grant => grant.State is GrantState.Reserved && now >= grant.ExpiresAt).ToList();
        if (expired.Count == 0)
        {
            return (state, []);
        }

        var today = expired.Where(grant => grant.Day == state.Today.Day).Aggregate(state.Today, (day, grant) => day.With(DayCharge.Of(grant, -1)));
        var refresh = state.Refresh?.With(-expired.Count(grant => grant.Priority is Priority.Refresh));
        return (state with { Today = today, Refresh = refresh, Open = [.. state.Open.Except(expired)] }, [.. expired.Select(grant => Settlement.TakeBack(grant, now))]);
    }

    /// <summary>Grants one unit, or says why not and when to come back. Expects a state without expired grants.</summary>
    public ReserveDecision Reserve(BucketState state, QuotaRequest request, DateTimeOffset now) =>
        RefuseByDay(state, request, now) ?? RefuseByPace(state, request, now) ?? (ReserveDecision)Grant(state, request, now);

    /// <summary>What others see.</summary>
    public BudgetReading Read(BucketState state, DateTimeOffset now)
    {
        var (current, _) = TakeBackExpired(state, now);
        var limit = options.LimitOf(state.Key.Bucket);
        var used = current.Today.Spent ? Math.Max(limit, current.Used) : current.Used;
        return new(state.Key, current.Today.Day, used, limit, UtcDay.NextOpening(now, options.MidnightGuard), current.InFlight(now))
        {
            Policy = lanes.PolicyOf(current),
            Kept = Math.Min(limit - Math.Min(used, limit), lanes.KeptAt(current, now)),
            Callers = CallerNames.Of([.. current.History, current.Today]),
        };
    }

    private ReserveDecision.Refused? RefuseByDay(BucketState state, QuotaRequest request, DateTimeOffset now)
    {
        var opening = UtcDay.NextOpening(now, options.MidnightGuard);
        if (UtcDay.IsGuarded(now, options.MidnightGuard))
        {
            return new(RefusalReason.Midnight, opening);
        }

        var limit = options.LimitOf(state.Key.Bucket);
        if (state.Today.Spent)
        {
            return new(RefusalReason.DaySpent, opening);
        }

        if (state.Used >= limit)
        {
            // A unit that is still on its way may come back.
            return state.InFlight(now) > 0 ? AskSoonAgain(request, now) : new(RefusalReason.DaySpent, opening);
        }

        return lanes.Refuse(state, request, now);
    }

    private ReserveDecision.Refused? RefuseByPace(BucketState state, QuotaRequest request, DateTimeOffset now)
    {
        if (state.Course.Pace.PausedUntil is { } pausedUntil && now < pausedUntil)
        {
            return new(RefusalReason.RateLimited, pausedUntil);
        }

        if (state.InFlight(now) >= options.MaxInFlight)
        {
            return AskSoonAgain(request, now);
        }

        if (options.RequestsPerSecond == 0)
        {
            return null;
        }

        var next = NextAfter(state.Course.LastGrantAt, PaceAt(state.Course, now).Interval, now);
        if (lanes.IsSpread(state, request, now))
        {
            var background = NextAfter(state.Course.LastBackgroundAt, TimeSpan.FromHours(1) / lanes.PolicyOf(state).BackgroundPerHour, now);
            next = next > background ? next : background;
        }

        return now < next ? new(RefusalReason.Paced, next) : null;
    }

    private ReserveDecision.Granted Grant(BucketState state, QuotaRequest request, DateTimeOffset now)
    {
        var course = state.Course with
        {
            Epoch = state.Course.Epoch + 1,
            Pace = PaceAt(state.Course, now),
            LastGrantAt = now,
            LastBackgroundAt = request.Priority is Priority.Interactive ? state.Course.LastBackgroundAt : now,
        };
        var grant = new QuotaGrant
        {
            Key = state.Key,
            GrantId = request.RequestId,
            Priority = request.Priority,
            Caller = request.Caller,
            WantedHour = request.WantedSince is { } since && since < now ? since.UtcDateTime.Hour : null,
            Day = state.Today.Day,
            Epoch = course.Epoch,
            GrantedAt = now,
            ExpiresAt = now + options.GrantLifetime,
        };
        return new(grant, course);
    }

    /// <summary>After a minute of quiet nobody knows how fast TikTok is today: begin again.</summary>
    private Pace PaceAt(Course course, DateTimeOffset now) =>
        course.LastGrantAt is { } last && now - last < IdleBeforeNewStart ? course.Pace : Pace.Start(options.RequestsPerSecond);

    /// <summary>A last time in the future is a clock that was set back; it must not stop us.</summary>
    private static DateTimeOffset NextAfter(DateTimeOffset? last, TimeSpan interval, DateTimeOffset now) =>
        last is { } time && time <= now ? time + interval : now;

    private static ReserveDecision.Refused AskSoonAgain(QuotaRequest request, DateTimeOffset now) =>
        new(RefusalReason.InFlight, now + (SoonAgain * (1 + Jitter.Of(request.RequestId))));
}
