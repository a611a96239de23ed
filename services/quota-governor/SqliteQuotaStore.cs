using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>The journal in <c>quota-governor.db</c>: the decision runs inside the file's one write transaction.</summary>
internal sealed class SqliteQuotaStore(SqliteFile file, QuotaGovernorOptions options, TimeProvider clock) : IQuotaStore, IDisposable
{
    private readonly QuotaBook book = new(options);

    /// <summary>
    /// The journal of a governor that has just started. Grants that its predecessor gave and nobody marked SENT have expired: who held them most likely
    /// died with it, and a late SENT is refused. So a restart does not wait for them.
    /// </summary>
    public static SqliteQuotaStore Start(string path, QuotaGovernorOptions options, TimeProvider clock) =>
        new(SqliteFile.Open(path, QuotaRows.Schema, session => new QuotaRows(session, options).ExpireUnsent()), options, clock);

    /// <inheritdoc/>
    public Task<ReserveResult> ReserveAsync(QuotaRequest request, CancellationToken cancellationToken) =>
        file.WriteAsync(session => Reserve(new QuotaRows(session, options), request), cancellationToken);

    /// <inheritdoc/>
    public Task<SettleResult> SettleAsync(string labId, string grantId, GrantOutcome outcome, CancellationToken cancellationToken) =>
        file.WriteAsync(session => Settle(new QuotaRows(session, options), labId, grantId, outcome), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredBudget>> ReadAsync(string labId, string account, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<StoredBudget>>(
            session =>
            {
                var rows = new QuotaRows(session, options);
                var now = QuotaBook.Now(clock);
                return
                [
                    .. from name in rows.Accounts(labId).Append(account).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                       from bucket in new[] { QuotaBucket.Research, QuotaBucket.Follow }
                       let key = new QuotaKey(labId, name, bucket)
                       select new StoredBudget(book.Read(rows.Load(key, now, withHistory: true), now), rows.Sequence(key)),
                ];
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task UpdatePolicyAsync(QuotaKey key, Func<BudgetPolicy, BudgetPolicy> change, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                var rows = new QuotaRows(session, options);
                var now = QuotaBook.Now(clock);
                rows.Write(book.UpdatePolicy(rows.Load(key, now, withHistory: false), change));
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task NoteRefreshDemandAsync(string labId, RefreshDemand demand, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                var rows = new QuotaRows(session, options);
                if (demand.Replaces(rows.LoadRefresh(labId)))
                {
                    rows.Save(labId, demand);
                }
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<RefreshDemand?> FindRefreshDemandAsync(string labId, CancellationToken cancellationToken) =>
        file.ReadAsync(session => new QuotaRows(session, options).LoadRefresh(labId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<KnownAccount>> ListUnannouncedAsync(DateOnly day, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<KnownAccount>>(session => new QuotaRows(session, options).Unannounced(day), cancellationToken);

    /// <inheritdoc/>
    public Task MarkAnnouncedAsync(KnownAccount account, DateOnly day, CancellationToken cancellationToken) =>
        file.WriteAsync(session => new QuotaRows(session, options).MarkAnnounced(account, day), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private ReserveResult Reserve(QuotaRows rows, QuotaRequest request)
    {
        if (rows.Find(request.Key.LabId, request.RequestId) is { } known)
        {
            return QuotaBook.Repeat(known, request);
        }

        var now = QuotaBook.Now(clock);
        var (result, change) = book.Reserve(rows.Load(request.Key, now, withHistory: request.Priority is not Priority.Interactive), request, now);
        rows.Write(change);
        return result;
    }

    private SettleResult Settle(QuotaRows rows, string labId, string grantId, GrantOutcome outcome)
    {
        if (rows.Find(labId, grantId) is not { } grant)
        {
            return new SettleResult.NotFound();
        }

        var (result, change) = book.Settle(grant, rows.LoadCourse(grant.Key), outcome, QuotaBook.Now(clock));
        rows.Write(change);
        return result;
    }
}
