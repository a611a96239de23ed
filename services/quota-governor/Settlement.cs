using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>What a report changes.</summary>
internal sealed record SettleDecision
{
    /// <summary>The grant after the report.</summary>
    public required QuotaGrant Grant { get; init; }

    /// <summary>Whether the grant differs from before.</summary>
    public bool Changed { get; init; }

    /// <summary>Whether SENT came too late: nothing may be sent.</summary>
    public bool Forbidden { get; init; }

    /// <summary>Whether the grant's day is spent, whatever we counted.</summary>
    public bool SpendsDay { get; init; }

    /// <summary>What the report says about the pace.</summary>
    public Func<Pace, Pace>? Pace { get; init; }
}

/// <summary>
/// The life of a grant: pure. The first outcome stands; a unit is given back at most once and only before an outcome is known;
/// evidence that a request was sent after all charges it again, because TikTok counted it.
/// </summary>
internal static class Settlement
{
    /// <summary>What a report about a grant changes.</summary>
    public static SettleDecision Decide(QuotaGrant grant, GrantOutcome outcome, DateTimeOffset now, QuotaGovernorOptions options) =>
        outcome is GrantOutcome.Sent ? MarkSent(grant, now) : Settle(grant, outcome, now, options);

    /// <summary>A grant that was not marked SENT in time.</summary>
    public static QuotaGrant TakeBack(QuotaGrant grant, DateTimeOffset now) =>
        grant with { State = GrantState.TakenBack, Charged = false, SettledAt = now };

    private static SettleDecision MarkSent(QuotaGrant grant, DateTimeOffset now) => grant.State switch
    {
        GrantState.Reserved when now < grant.ExpiresAt => new() { Grant = grant with { State = GrantState.Sent, SentAt = now }, Changed = true },
        GrantState.Reserved => new() { Grant = TakeBack(grant, now), Changed = true, Forbidden = true },
        GrantState.Sent => new() { Grant = grant },
        _ => new() { Grant = grant, Forbidden = true },
    };

    private static SettleDecision Settle(QuotaGrant grant, GrantOutcome outcome, DateTimeOffset now, QuotaGovernorOptions options)
    {
        var counted = outcome is GrantOutcome.Answered or GrantOutcome.Unknown or GrantOutcome.DaySpent;
        var spendsDay = outcome is GrantOutcome.DaySpent;
        var unreported = grant.IsOpen || grant.State is GrantState.TakenBack;
        if (!unreported && (grant.Charged || !counted))
        {
            return new() { Grant = grant, SpendsDay = spendsDay && grant.State is not GrantState.DaySpent };
        }

        return new()
        {
            Grant = grant with
            {
                State = StateOf(outcome),
                Charged = counted,
                Late = counted && MayCountNextDay(grant, outcome, now, options),
                SettledAt = now,
            },
            Changed = true,
            SpendsDay = spendsDay,
            Pace = outcome switch
            {
                GrantOutcome.Answered => pace => pace.Answered(),
                GrantOutcome.RateLimited => pace => pace.RateLimited(now, Jitter.Of(grant.GrantId)),
                _ => null,
            },
        };
    }

    /// <summary>
    /// TikTok counted it between sending and outcome, by its own clock, which may be ahead of ours: an outcome within the guard before midnight,
    /// or later, makes the next day pay too.
    /// Without an answer it may arrive until the longest flight is over.
    /// </summary>
    private static bool MayCountNextDay(QuotaGrant grant, GrantOutcome outcome, DateTimeOffset now, QuotaGovernorOptions options)
    {
        var latest = now;
        if (outcome is GrantOutcome.Unknown && (grant.SentAt ?? now) + DailyQuota.LongestFlight is var landed && landed > latest)
        {
            latest = landed;
        }

        return latest >= UtcDay.Start(grant.Day.AddDays(1)) - options.MidnightGuard;
    }

    private static GrantState StateOf(GrantOutcome outcome) => outcome switch
    {
        GrantOutcome.Answered => GrantState.Answered,
        GrantOutcome.Unknown => GrantState.Unknown,
        GrantOutcome.NeverSent => GrantState.NeverSent,
        GrantOutcome.RateLimited => GrantState.RateLimited,
        GrantOutcome.DaySpent => GrantState.DaySpent,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };
}
