using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>The edge: check, call, map, reply.</summary>
internal sealed partial class QuotaGovernorGrpc(
    IQuotaStore store,
    RefereeClock referee,
    QuotaChanges changes,
    QuotaMetrics metrics,
    QuotaGovernorOptions options,
    TimeProvider clock,
    ILogger<QuotaGovernorGrpc> logger) : V1.QuotaGovernor.QuotaGovernorBase
{
    private static readonly TimeSpan OutcomeDeadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override async Task<ReserveQuotaResponse> ReserveQuota(ReserveQuotaRequest request, ServerCallContext context)
    {
        var wanted = QuotaRequests.Check(request, context.Identity().LabId, options);
        if (referee.RefusedUntil() is { } retryAt)
        {
            return Refuse(RefusalReason.ClockSkew, retryAt, wanted.Key);
        }

        await Failpoints.HitAsync(FailpointNames.GovernorBeforeReserve, context.CancellationToken);
        var result = await store.ReserveAsync(wanted, context.CancellationToken);
        await Failpoints.HitAsync(FailpointNames.GovernorAfterReserve, context.CancellationToken);
        switch (result)
        {
            case ReserveResult.Granted(var grant):
                await TellAsync(wanted.Key, context.CancellationToken);
                return new() { Grant = new() { GrantId = grant.GrantId, Day = UtcDay.Text(grant.Day), Epoch = grant.Epoch, ExpiresAt = grant.ExpiresAt.ToTimestamp() } };
            case ReserveResult.Refused(var reason, var again):
                return Refuse(reason, again, wanted.Key);
            default:
                throw new MeshException(ErrorReason.RequestIdReused, "request_id was used before for another account or bucket; every request needs its own UUID.")
                {
                    Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["request_id"] = wanted.RequestId },
                };
        }
    }

    /// <inheritdoc/>
    public override async Task<SettleQuotaResponse> SettleQuota(SettleQuotaRequest request, ServerCallContext context)
    {
        QuotaRequests.Check(request);
        // What happened has happened: a caller that hangs up must not keep the outcome out of the journal.
        using var deadline = new CancellationTokenSource(OutcomeDeadline, clock);
        var cancellationToken = request.Outcome is GrantOutcome.Sent ? context.CancellationToken : deadline.Token;
        await Failpoints.HitAsync(FailpointNames.GovernorBeforeSettle, cancellationToken);
        var result = await store.SettleAsync(context.Identity().LabId, request.GrantId, request.Outcome, cancellationToken);
        await Failpoints.HitAsync(FailpointNames.GovernorAfterSettle, cancellationToken);
        switch (result)
        {
            case SettleResult.Settled(var grant):
                CompareClocks(grant, request.ServerDate);
                if (request.Outcome is GrantOutcome.DaySpent)
                {
                    Log.DaySpent(logger, grant.Key.Account, grant.Key.Bucket, grant.Day);
                }

                await TellAsync(grant.Key, cancellationToken);
                return new();
            case SettleResult.Forbidden(var grant):
                Log.TooLate(logger, grant.Epoch, grant.State);
                throw new MeshException(ErrorReason.StateForbids, $"The grant ended as {grant.State} and may not be used; reserve anew.")
                {
                    Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["state"] = grant.State.ToString() },
                };
            default:
                throw MeshException.NotFound("The grant");
        }
    }

    /// <inheritdoc/>
    public override async Task<GetQuotaResponse> GetQuota(GetQuotaRequest request, ServerCallContext context)
    {
        var budgets = await store.ReadAsync(context.Identity().LabId, options.DefaultAccount, context.CancellationToken);
        return new() { Quotas = { budgets.Select(budget => Status(budget.Reading)) } };
    }

    /// <inheritdoc/>
    public override async Task<UpdatePolicyResponse> UpdatePolicy(UpdatePolicyRequest request, ServerCallContext context)
    {
        var key = PolicyRequests.Key(request, context.Identity().LabId, options);
        IReadOnlyList<string> moved = [];
        await store.UpdatePolicyAsync(key, Change, context.CancellationToken);
        changes.Announce(key.LabId);
        return new() { Quota = Status(await FindAsync(key, context.CancellationToken)), Moved = { moved } };

        BudgetPolicy Change(BudgetPolicy before)
        {
            var after = PolicyRequests.Apply(before, request, options);
            moved = PolicyShares.Moved(before, after, request);
            return after;
        }
    }

    /// <inheritdoc/>
    public override async Task<GetForecastResponse> GetForecast(GetForecastRequest request, ServerCallContext context)
    {
        List<FieldViolation> violations = [];
        var key = QuotaRequests.Key(context.Identity().LabId, request.Account, QuotaBucket.Research, options, violations);
        return violations.Count == 0
            ? Forecast.Of(await store.FindRefreshDemandAsync(key.LabId, context.CancellationToken), await FindAsync(key, context.CancellationToken))
            : throw MeshException.BadInput(violations);
    }

    /// <inheritdoc/>
    public override async Task WatchQuota(WatchQuotaRequest request, IServerStreamWriter<WatchQuotaResponse> responseStream, ServerCallContext context)
    {
        var labId = context.Identity().LabId;
        var after = request.AfterSequence == 0 ? -1 : request.AfterSequence;
        while (true)
        {
            var changed = changes.Next;
            var budgets = await store.ReadAsync(labId, options.DefaultAccount, context.CancellationToken);
            // A sequence that we never gave is of another store: begin with the present state.
            var from = after > budgets.Max(budget => budget.Sequence) ? -1 : after;
            foreach (var budget in budgets.Where(budget => budget.Sequence > from).OrderBy(budget => budget.Sequence))
            {
                await responseStream.WriteAsync(new() { Sequence = budget.Sequence, Quota = Status(budget.Reading) }, context.CancellationToken);
            }

            after = budgets.Max(budget => budget.Sequence);
            await Task.WhenAny(changed, Task.Delay(WatchInterval, clock, context.CancellationToken));
            context.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static QuotaStatus Status(BudgetReading reading) => new()
    {
        Account = reading.Key.Account,
        Bucket = reading.Key.Bucket,
        Day = UtcDay.Text(reading.Day),
        Used = reading.Used,
        Limit = reading.Limit,
        ResetsAt = reading.ResetsAt.ToTimestamp(),
        InFlight = reading.InFlight,
        Policy = new()
        {
            Mode = reading.Policy.Mode,
            BackgroundPerHour = reading.Policy.BackgroundPerHour,
            InteractiveShare = reading.Policy.InteractiveShare,
            RefreshShare = reading.Policy.RefreshShare,
            CallerCaps = { reading.Policy.CallerCaps },
            CallerWeights = { reading.Policy.CallerWeights },
        },
        Kept = reading.Kept,
        Callers = { reading.Callers.Names },
    };

    private async Task<BudgetReading> FindAsync(QuotaKey key, CancellationToken cancellationToken) =>
        (await store.ReadAsync(key.LabId, key.Account, cancellationToken)).Select(budget => budget.Reading).First(reading => reading.Key == key);

    private ReserveQuotaResponse Refuse(RefusalReason reason, DateTimeOffset retryAt, QuotaKey key)
    {
        Log.Refused(logger, key.Account, key.Bucket, reason, retryAt);
        return new() { Refusal = new() { Reason = reason, RetryAt = retryAt.ToTimestamp() } };
    }

    private void CompareClocks(QuotaGrant grant, Timestamp? serverDate)
    {
        if (serverDate is null || grant.SentAt is not { } sentAt)
        {
            return;
        }

        var ahead = referee.Observe(sentAt, serverDate.ToDateTimeOffset());
        if (ahead != TimeSpan.Zero)
        {
            Log.ClockWrong(logger, ahead.TotalSeconds, options.MaxClockSkew.TotalSeconds);
        }
    }

    private async Task TellAsync(QuotaKey key, CancellationToken cancellationToken)
    {
        changes.Announce(key.LabId);
        if (!metrics.Enabled)
        {
            return;
        }

        try
        {
            foreach (var budget in await store.ReadAsync(key.LabId, key.Account, cancellationToken))
            {
                metrics.Show(budget.Reading);
            }
        }
        catch (MeshException unavailable) when (unavailable.Reason is ErrorReason.Unavailable)
        {
            // What was decided is decided; the gauges show it another time.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "No unit of {Account}/{Bucket} now: {Reason}, again at {RetryAt:O}.")]
        public static partial void Refused(ILogger logger, string account, QuotaBucket bucket, RefusalReason reason, DateTimeOffset retryAt);

        [LoggerMessage(LogLevel.Warning, "TikTok says that account {Account} has spent its {Bucket} requests of {Day:yyyy-MM-dd}; nothing more is granted for that day.")]
        public static partial void DaySpent(ILogger logger, string account, QuotaBucket bucket, DateOnly day);

        [LoggerMessage(LogLevel.Information, "Grant {Epoch} was to be sent but had ended as {State}.")]
        public static partial void TooLate(ILogger logger, long epoch, GrantState state);

        [LoggerMessage(LogLevel.Error, "Our clock and TikTok's differ by {Seconds:F0} s (allowed: {Allowed:F0} s): nothing is granted until this machine's clock is set right.")]
        public static partial void ClockWrong(ILogger logger, double seconds, double allowed);
    }
}
