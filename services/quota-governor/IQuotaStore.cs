using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>What came of asking for a unit.</summary>
internal abstract record ReserveResult
{
    private ReserveResult()
    {
    }

    /// <summary>Permission; the grant may have been used up by now when the call is a repeat.</summary>
    internal sealed record Granted(QuotaGrant Grant) : ReserveResult;

    /// <summary>No request now.</summary>
    internal sealed record Refused(RefusalReason Reason, DateTimeOffset RetryAt) : ReserveResult
    {
        /// <summary>For how long others get the same answer; null when a unit may be there at any moment.</summary>
        public RefusalHold? Hold { get; init; }
    }

    /// <summary>The same request id asked for another budget before.</summary>
    internal sealed record RequestIdReused : ReserveResult;
}

/// <summary>What came of a report.</summary>
internal abstract record SettleResult
{
    private SettleResult()
    {
    }

    /// <summary>Taken down, or known before.</summary>
    internal sealed record Settled(QuotaGrant Grant) : SettleResult;

    /// <summary>SENT came after the grant had ended: nothing may be sent.</summary>
    internal sealed record Forbidden(QuotaGrant Grant) : SettleResult;

    /// <summary>No such grant in this lab.</summary>
    internal sealed record NotFound : SettleResult;
}

/// <summary>A budget as stored, with the number of its last change.</summary>
internal sealed record StoredBudget(BudgetReading Reading, long Sequence);

/// <summary>An account that has asked for units before.</summary>
internal sealed record KnownAccount(string LabId, string Account);

/// <summary>
/// The journal of grants and the days' counts: the truth about every unit.
/// An implementation MUST decide (<see cref="DailyQuota"/>, <see cref="Settlement"/>) and write in one atomic step, on the state as it is at that moment
/// and with the time taken within the step; what it returns MUST be durable before it returns; two of them on one store MUST together behave like one;
/// and after a crash at any point the store MUST hold either everything of a call or nothing.
/// </summary>
internal interface IQuotaStore
{
    /// <summary>
    /// Decides about one unit. The same request id brings the same grant. Grants of the budget that were not marked SENT in time MUST have been taken back
    /// before the decision, in the same step.
    /// </summary>
    Task<ReserveResult> ReserveAsync(QuotaRequest request, CancellationToken cancellationToken);

    /// <summary>Takes down a report about a grant. SENT MUST be refused once the grant has been taken back, and a repeated report MUST change nothing.</summary>
    Task<SettleResult> SettleAsync(string labId, string grantId, GrantOutcome outcome, CancellationToken cancellationToken);

    /// <summary>
    /// Both budgets of every account of the lab, in order of account and bucket; <paramref name="account"/> is there even if it never asked.
    /// The sequence of a budget that changed MUST be higher than that of every earlier change in the lab.
    /// </summary>
    Task<IReadOnlyList<StoredBudget>> ReadAsync(string labId, string account, CancellationToken cancellationToken);

    /// <summary>
    /// Changes the policy of a budget, or the default one where none is set; the decision (<paramref name="change"/>, which may throw and may be asked again)
    /// and the write MUST be one step. Counts as a change of the budget, unless the policy stays.
    /// </summary>
    Task UpdatePolicyAsync(QuotaKey key, Func<BudgetPolicy, BudgetPolicy> change, CancellationToken cancellationToken);

    /// <summary>Takes down what the lab's refreshes need; every grant for a refresh then MUST count as served. What is not newer than what is known MUST change nothing.</summary>
    Task NoteRefreshDemandAsync(string labId, RefreshDemand demand, CancellationToken cancellationToken);

    /// <summary>What the lab's refreshes need; null when nobody told.</summary>
    Task<RefreshDemand?> FindRefreshDemandAsync(string labId, CancellationToken cancellationToken);

    /// <summary>Accounts whose opening of <paramref name="day"/> has not been announced. An account is born with its first day announced.</summary>
    Task<IReadOnlyList<KnownAccount>> ListUnannouncedAsync(DateOnly day, CancellationToken cancellationToken);

    /// <summary>The opening of <paramref name="day"/> was announced; counts as a change of both budgets.</summary>
    Task MarkAnnouncedAsync(KnownAccount account, DateOnly day, CancellationToken cancellationToken);
}
