using System.Collections.Concurrent;
using System.Security.Cryptography;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// The journal in MongoDB. Each call reads the lab's document, decides, and writes with one update that happens only on the version that was read;
/// otherwise it decides anew. A call whose answer was lost finds out by doing the same again: its grant or its report is there, or it is not.
/// Grants that a governor gave and nobody marked SENT end by their own time, since other governors may have given them.
/// </summary>
internal sealed class MongoQuotaStore(MongoStore mongo, QuotaGovernorOptions options, TimeProvider clock) : IQuotaStore, IDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly QuotaBook book = new(options);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> turns = new(StringComparer.Ordinal);

    /// <summary>How long a call may take, all attempts together.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(4.5);

    /// <inheritdoc/>
    public Task<ReserveResult> ReserveAsync(QuotaRequest request, CancellationToken cancellationToken) => ChangeAsync(
        request.Key.LabId,
        async (documents, lab, token) =>
        {
            if (await documents.FindGrantAsync(lab, request.RequestId, token) is { } known)
            {
                return (QuotaBook.Repeat(known, request), null);
            }

            var now = QuotaBook.Now(clock);
            var current = await documents.WithDayAsync(lab, lab.Of(request.Key, options), UtcDay.Of(now), token);
            var (result, change) = book.Reserve(current.StateAt(request.Key, options, now), request, now);
            return (result, await ApplyAsync(documents, current, change, token));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<SettleResult> SettleAsync(string labId, string grantId, GrantOutcome outcome, CancellationToken cancellationToken) => ChangeAsync<SettleResult>(
        labId,
        async (documents, lab, token) =>
        {
            if (await documents.FindGrantAsync(lab, grantId, token) is not { } grant)
            {
                return (new SettleResult.NotFound(), null);
            }

            var (result, change) = book.Settle(grant, lab.Of(grant.Key, options).Course, outcome, QuotaBook.Now(clock));
            return (result, await ApplyAsync(documents, lab, change, token));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredBudget>> ReadAsync(string labId, string account, CancellationToken cancellationToken) => UseAsync<IReadOnlyList<StoredBudget>>(
        async (documents, token) =>
        {
            var lab = await documents.FindAsync(labId, token);
            var now = QuotaBook.Now(clock);
            var keys = lab.Budgets.Select(budget => budget.Key.Account).Append(account).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .SelectMany(name => new[] { QuotaBucket.Research, QuotaBucket.Follow }.Select(bucket => new QuotaKey(labId, name, bucket)));
            List<StoredBudget> budgets = [];
            foreach (var key in keys)
            {
                var current = await documents.WithDayAsync(lab, lab.Of(key, options), UtcDay.Of(now), token);
                var budget = current.Of(key, options);
                budgets.Add(new(book.Read(current.StateAt(key, options, now), now), budget.Sequence));
            }

            return budgets;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task UpdatePolicyAsync(QuotaKey key, Func<BudgetPolicy, BudgetPolicy> change, CancellationToken cancellationToken) => ChangeAsync(
        key.LabId,
        (_, lab, _) =>
        {
            var changed = book.UpdatePolicy(lab.StateAt(key, options, QuotaBook.Now(clock)), change);
            return Task.FromResult((true, changed is null ? null : lab.With(changed, options)));
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task NoteRefreshDemandAsync(string labId, RefreshDemand demand, CancellationToken cancellationToken) => ChangeAsync(
        labId,
        (_, lab, _) => Task.FromResult<(bool, LabBudgets?)>((true, lab.With(demand))),
        cancellationToken);

    /// <inheritdoc/>
    public Task<RefreshDemand?> FindRefreshDemandAsync(string labId, CancellationToken cancellationToken) =>
        UseAsync(async (documents, token) => (await documents.FindAsync(labId, token)).Refresh, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KnownAccount>> ListUnannouncedAsync(DateOnly day, CancellationToken cancellationToken) => UseAsync<IReadOnlyList<KnownAccount>>(
        async (documents, token) =>
        [
            .. (await documents.ListUnannouncedAsync(day, token))
                .SelectMany(lab => lab.Budgets.Where(budget => budget.AnnouncedDay < day).Select(budget => new KnownAccount(lab.LabId, budget.Key.Account)))
                .Distinct().OrderBy(known => known.LabId, StringComparer.Ordinal).ThenBy(known => known.Account, StringComparer.Ordinal),
        ],
        cancellationToken);

    /// <inheritdoc/>
    public Task MarkAnnouncedAsync(KnownAccount account, DateOnly day, CancellationToken cancellationToken) => ChangeAsync(
        account.LabId,
        (_, lab, _) => Task.FromResult<(bool, LabBudgets?)>((true, lab.WithAnnounced(account.Account, day))),
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var turn in turns.Values)
        {
            turn.Dispose();
        }
    }

    private async Task<LabBudgets?> ApplyAsync(MongoQuotaDocuments documents, LabBudgets lab, QuotaChange? change, CancellationToken cancellationToken)
    {
        if (change is null)
        {
            return null;
        }

        foreach (var charge in change.Charges)
        {
            lab = await documents.WithDayAsync(lab, lab.Of(change.Key, options), charge.Day, cancellationToken);
        }

        return lab.With(change, options);
    }

    private async Task<T> ChangeAsync<T>(
        string labId, Func<MongoQuotaDocuments, LabBudgets, CancellationToken, Task<(T Result, LabBudgets? After)>> decide, CancellationToken cancellationToken)
    {
        // Callers of one process take turns; those of several find out at the document.
        var turn = turns.GetOrAdd(labId, _ => new(1, 1));
        return await PatientlyAsync(
            async token =>
            {
                await turn.WaitAsync(token);
                try
                {
                    return await TryUntilDecidedAsync(labId, decide, token);
                }
                finally
                {
                    turn.Release();
                }
            },
            cancellationToken);
    }

    private async Task<T> TryUntilDecidedAsync<T>(
        string labId, Func<MongoQuotaDocuments, LabBudgets, CancellationToken, Task<(T Result, LabBudgets? After)>> decide, CancellationToken cancellationToken)
    {
        MeshException? away = null;
        for (var tries = 0; ; tries++)
        {
            try
            {
                if (tries > 0)
                {
                    await PauseAsync(cancellationToken);
                }

                if (await mongo.UseAsync(database => TryAsync(new(database), labId, decide, cancellationToken), cancellationToken) is var (result, isDecided) && isDecided)
                {
                    return result;
                }
            }
            catch (MeshException unreachable) when (unreachable.Reason is ErrorReason.Unavailable)
            {
                // Whether the update arrived is not known; the next look tells.
                away = unreachable;
            }
            catch (OperationCanceledException) when (away is not null)
            {
                throw away;
            }
        }
    }

    private static async Task<(T Result, bool IsDecided)> TryAsync<T>(
        MongoQuotaDocuments documents,
        string labId,
        Func<MongoQuotaDocuments, LabBudgets, CancellationToken, Task<(T Result, LabBudgets? After)>> decide,
        CancellationToken cancellationToken)
    {
        var before = await documents.FindAsync(labId, cancellationToken);
        var (result, after) = await decide(documents, before, cancellationToken);
        if (after is null || after.Version == before.Version)
        {
            return (result, true);
        }

        var leaving = before.Leaving();
        await documents.WriteAsync(leaving, cancellationToken);
        return (result, await documents.TryReplaceAsync(before, after.Without(leaving), cancellationToken));
    }

    private Task<T> UseAsync<T>(Func<MongoQuotaDocuments, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        PatientlyAsync(token => mongo.UseAsync(database => work(new(database), token), token), cancellationToken);

    /// <summary>Nobody waits longer than a few seconds to hear that nothing is granted.</summary>
    private async Task<T> PatientlyAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await work(both.Token);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new MeshException(ErrorReason.Unavailable, $"MongoDB did not answer within {Patience.TotalSeconds:0.#} s, and without it nothing is granted.", late);
        }
    }

    private Task PauseAsync(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(1 + RandomNumberGenerator.GetInt32((int)LongestPause.TotalMilliseconds)), clock, cancellationToken);
}
