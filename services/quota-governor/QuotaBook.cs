using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// What each call answers and what it changes: pure. A store loads the state, asks here and writes the change, all in one step;
/// so every store decides alike.
/// </summary>
internal sealed class QuotaBook(QuotaGovernorOptions options)
{
    private readonly DailyQuota quota = new(options);

    /// <summary>The answer to a request whose id is known.</summary>
    public static ReserveResult Repeat(QuotaGrant known, QuotaRequest request) =>
        known.Key == request.Key ? new ReserveResult.Granted(known) : new ReserveResult.RequestIdReused();

    /// <summary>Decides about one unit for a request whose id is new; nothing changes when the change is null.</summary>
    public (ReserveResult Result, QuotaChange? Change) Reserve(BucketState stored, QuotaRequest request, DateTimeOffset now)
    {
        var (state, takenBack) = DailyQuota.TakeBackExpired(stored, now);
        var change = new QuotaChange
        {
            Key = state.Key,
            Today = state.Today.Day,
            Grants = takenBack,
            Charges = [.. takenBack.Select(grant => DayCharge.Of(grant, -1))],
            Course = state.Course,
        };
        return quota.Reserve(state, request, now) switch
        {
            ReserveDecision.Granted(var grant, var course) => (
                new ReserveResult.Granted(grant),
                change with { Grants = [.. takenBack, grant], Charges = [.. change.Charges, DayCharge.Of(grant, 1)], Course = course }),
            ReserveDecision.Refused refused => (
                new ReserveResult.Refused(refused.Reason, refused.RetryAt) { Hold = RefusalHold.Of(state, refused) },
                takenBack.Count > 0 ? change : null),
            _ => throw new InvalidOperationException("A decision is a grant or a refusal."),
        };
    }

    /// <summary>Takes down a report about a grant of a budget; nothing changes when the change is null.</summary>
    public (SettleResult Result, QuotaChange? Change) Settle(QuotaGrant grant, Course course, GrantOutcome outcome, DateTimeOffset now)
    {
        var decision = Settlement.Decide(grant, outcome, now, options);
        SettleResult result = decision.Forbidden ? new SettleResult.Forbidden(decision.Grant) : new SettleResult.Settled(decision.Grant);
        if (!decision.Changed && !decision.SpendsDay)
        {
            return (result, null);
        }

        var units = decision.Grant.Charged == grant.Charged ? 0 : decision.Grant.Charged ? 1 : -1;
        return (result, new()
        {
            Key = grant.Key,
            Today = UtcDay.Of(now),
            Grants = decision.Changed ? [decision.Grant] : [],
            Charges = units != 0 || decision.SpendsDay ? [DayCharge.Of(grant, units, decision.SpendsDay)] : [],
            Course = outcome is GrantOutcome.Sent ? null : decision.Pace is { } pace ? course with { Pace = pace(course.Pace) } : course,
        });
    }

    /// <summary>Another policy for a budget; nothing changes when the change is null.</summary>
    public QuotaChange? UpdatePolicy(BucketState state, Func<BudgetPolicy, BudgetPolicy> change)
    {
        var before = state.Policy ?? BudgetPolicy.Default(options);
        var after = change(before);
        return state.Policy == after ? null : new() { Key = state.Key, Today = state.Today.Day, Course = state.Course, Policy = after };
    }

    /// <summary>What others see of a budget.</summary>
    public BudgetReading Read(BucketState state, DateTimeOffset now) => quota.Read(state, now);

    /// <summary>Whole milliseconds, as times are stored, so that a repeated call brings the same bytes.</summary>
    public static DateTimeOffset Now(TimeProvider clock) => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
