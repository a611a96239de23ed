using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>
/// Hands due videos to the collector. A batch is durable before it is handed over, and one without an answer is handed over
/// again under its id: a crash at any moment neither forgets a video nor pays for it twice.
/// </summary>
internal sealed class RefreshRun(IRefreshStore store, IRefreshes refreshes, TimeProvider clock) : IDisposable
{
    /// <summary>Videos that are looked at in one go.</summary>
    private const int Portion = 50 * RefreshBatch.LargestSize;

    private readonly SemaphoreSlim running = new(1, 1);

    /// <summary>Hands over due videos, or every scheduled one, in at most <paramref name="maxBatches"/> batches.</summary>
    public async Task<RefreshOutcome> RunAsync(string labId, bool all, int maxBatches, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await running.WaitAsync(cancellationToken);
        try
        {
            var repeated = await RepeatAsync(labId, now, maxBatches, cancellationToken);
            return await HandOverDueAsync(labId, all ? DateTimeOffset.MaxValue : now, maxBatches, repeated, cancellationToken);
        }
        finally
        {
            running.Release();
        }
    }

    /// <summary>Hands over due videos while fewer than <paramref name="maxOpen"/> batches wait for an answer, and batches that wait too long once more.</summary>
    public async Task<RefreshOutcome> GoOnAsync(string labId, int maxOpen, TimeSpan repeatAfter, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await running.WaitAsync(cancellationToken);
        try
        {
            await RepeatAsync(labId, now - repeatAfter, int.MaxValue, cancellationToken);
            var open = (await store.CountAsync(labId, now, cancellationToken)).OpenBatches;
            return await HandOverDueAsync(labId, now, (int)Math.Max(0, maxOpen - open), RefreshOutcome.Nothing, cancellationToken);
        }
        finally
        {
            running.Release();
        }
    }

    /// <summary>Hands a batch over, once more or for the first time.</summary>
    public async Task HandOverAsync(string labId, OpenBatch batch, CancellationToken cancellationToken)
    {
        await refreshes.HandOverAsync(labId, batch, cancellationToken);
        await Failpoints.HitAsync(FailpointNames.SchedulerAfterHandOver, CancellationToken.None);
        await store.MarkHandedOverAsync(labId, batch.RefreshId, clock.GetUtcNow(), CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose() => running.Dispose();

    private async Task<RefreshOutcome> RepeatAsync(string labId, DateTimeOffset since, int maxNew, CancellationToken cancellationToken)
    {
        var outcome = RefreshOutcome.Nothing;
        foreach (var batch in RefreshBatches.ToHandOver(await store.ListOpenAsync(labId, RefreshPlan.Never, cancellationToken), since))
        {
            if (batch.HandedOverAt is not null)
            {
                await HandOverAsync(labId, batch, cancellationToken);
            }
            else if (outcome.Batches < maxNew)
            {
                await HandOverAsync(labId, batch, cancellationToken);
                outcome = outcome.With(batch);
            }
        }

        return outcome;
    }

    private async Task<RefreshOutcome> HandOverDueAsync(string labId, DateTimeOffset dueUntil, int maxBatches, RefreshOutcome outcome, CancellationToken cancellationToken)
    {
        while (outcome.Batches < maxBatches)
        {
            var due = await store.ListDueAsync(labId, dueUntil, null, Portion, cancellationToken);
            if (due.Count == 0)
            {
                break;
            }

            foreach (var batch in RefreshBatches.Pack(due).Take(maxBatches - outcome.Batches))
            {
                outcome = await OpenAsync(labId, batch, outcome, cancellationToken);
            }
        }

        return outcome with { Left = (await store.CountAsync(labId, dueUntil, cancellationToken)).Due };
    }

    private async Task<RefreshOutcome> OpenAsync(string labId, RefreshBatch batch, RefreshOutcome outcome, CancellationToken cancellationToken)
    {
        if (batch.Videos.Count < RefreshBatch.LargestSize)
        {
            var (from, to) = RefreshBatches.WindowOf(batch.From);
            batch = RefreshBatches.Fill(batch, await store.ListNextAsync(labId, from, to, RefreshBatch.LargestSize, cancellationToken));
        }

        var open = await store.OpenAsync(labId, Guid.NewGuid().ToString("N"), batch, cancellationToken);
        if (open is null)
        {
            return outcome;
        }

        await Failpoints.HitAsync(FailpointNames.SchedulerAfterOpen, cancellationToken);
        await HandOverAsync(labId, open, cancellationToken);
        return outcome.With(open);
    }
}

/// <summary>What a run did.</summary>
/// <param name="Batches">Batches handed to the collector.</param>
/// <param name="Videos">Videos in them.</param>
/// <param name="Left">Due videos that stay for later.</param>
internal sealed record RefreshOutcome(int Batches, long Videos, long Left)
{
    /// <summary>Nothing happened.</summary>
    public static readonly RefreshOutcome Nothing = new(0, 0, 0);

    /// <summary>One batch more.</summary>
    public RefreshOutcome With(OpenBatch batch) => this with { Batches = Batches + 1, Videos = Videos + batch.Videos.Count };
}
