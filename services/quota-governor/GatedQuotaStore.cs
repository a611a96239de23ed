using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>A store behind a gate: who asks for what has just been refused for certain hears the same without a decision.</summary>
internal sealed class GatedQuotaStore(IQuotaStore store, RedisPaceGate gate) : IQuotaStore
{
    /// <inheritdoc/>
    public async Task<ReserveResult> ReserveAsync(QuotaRequest request, CancellationToken cancellationToken)
    {
        if (await gate.FindAsync(request, cancellationToken) is { } standing)
        {
            return standing;
        }

        var result = await store.ReserveAsync(request, cancellationToken);
        if (result is ReserveResult.Refused { Hold: { } hold } refused)
        {
            await gate.CloseAsync(request, refused, hold, cancellationToken);
        }

        return result;
    }

    /// <inheritdoc/>
    public async Task<SettleResult> SettleAsync(string labId, string grantId, GrantOutcome outcome, CancellationToken cancellationToken)
    {
        var result = await store.SettleAsync(labId, grantId, outcome, cancellationToken);
        if (outcome is not GrantOutcome.Sent && result is SettleResult.Settled(var grant))
        {
            await gate.OpenAsync(grant.Key, cancellationToken);
        }

        return result;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredBudget>> ReadAsync(string labId, string account, CancellationToken cancellationToken) => store.ReadAsync(labId, account, cancellationToken);

    /// <inheritdoc/>
    public async Task UpdatePolicyAsync(QuotaKey key, Func<BudgetPolicy, BudgetPolicy> change, CancellationToken cancellationToken)
    {
        await store.UpdatePolicyAsync(key, change, cancellationToken);
        await gate.OpenAsync(key, cancellationToken);
    }

    /// <summary>A refusal that stands meanwhile ends by itself within seconds.</summary>
    public Task NoteRefreshDemandAsync(string labId, RefreshDemand demand, CancellationToken cancellationToken) => store.NoteRefreshDemandAsync(labId, demand, cancellationToken);

    /// <inheritdoc/>
    public Task<RefreshDemand?> FindRefreshDemandAsync(string labId, CancellationToken cancellationToken) => store.FindRefreshDemandAsync(labId, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KnownAccount>> ListUnannouncedAsync(DateOnly day, CancellationToken cancellationToken) => store.ListUnannouncedAsync(day, cancellationToken);

    /// <inheritdoc/>
    public Task MarkAnnouncedAsync(KnownAccount account, DateOnly day, CancellationToken cancellationToken) => store.MarkAnnouncedAsync(account, day, cancellationToken);
}
