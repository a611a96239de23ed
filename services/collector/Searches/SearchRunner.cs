using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Walks the open searches, one request after the other, as long as there is quota and somebody waits for them.</summary>
internal sealed partial class SearchRunner(
    ICollectorStore store,
    RequestSender sender,
    CollectionStates states,
    RefreshAnswers refreshes,
    IQuota quota,
    AwakeWork awake,
    Wakeups wakeups,
    CollectorMetrics metrics,
    CollectorOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<SearchRunner> logger) : MeshWorker(lifetime)
{
    private const int Candidates = 8;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterDefect = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, bool> claimed = new(StringComparer.Ordinal);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await RecoverAsync(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, options.Walkers).Select(_ => WalkAsync(stoppingToken)));
    }

    /// <summary>Requests that an earlier process sent and never kept: their units stay spent, the requests may be repeated.</summary>
    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var open in await store.ListInFlightAsync(cancellationToken))
        {
            try
            {
                await quota.SettleAsync(open.Search.LabId, open.Checkpoint.InFlightGrant, GrantOutcome.Unknown, serverDate: null, cancellationToken);
            }
            catch (MeshException settled) when (settled.Reason is ErrorReason.NotFound or ErrorReason.StateForbids)
            {
                // It never was marked SENT, or has been settled already.
            }

            await store.ForgetRequestAsync(open, cancellationToken);
            Log.Recovered(logger, open.Search.SearchId);
        }
    }

    private async Task WalkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wakeup = wakeups.Next;
            try
            {
                var waitUntil = await StepAsync(cancellationToken);
                await Wakeups.WaitAsync(wakeup, waitUntil, time, cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                // Who is asked meanwhile may have stopped already.
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (Exception defect) when (defect is not OperationCanceledException)
            {
                Log.Defect(logger, defect);
                await Task.Delay(AfterDefect, time, cancellationToken);
            }
        }
    }

    /// <summary>Walks one step of the first search that may go on; returns when to look again.</summary>
    private async Task<DateTimeOffset> StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var candidates = await store.ListOpenAsync(awake.Ids, now, Candidates, cancellationToken);
        foreach (var open in candidates.Where(candidate => candidate.Checkpoint.InFlightGrant.Length == 0))
        {
            if (open.Checkpoint.NotBefore > now)
            {
                return open.Checkpoint.NotBefore;
            }

            if (!claimed.TryAdd(open.Search.SearchId, true))
            {
                continue;
            }

            try
            {
                return await ActAsync(open, await sender.SendAsync(open, cancellationToken), cancellationToken);
            }
            finally
            {
                claimed.TryRemove(open.Search.SearchId, out _);
            }
        }

        return now + Idle;
    }

    private async Task<DateTimeOffset> ActAsync(OpenSearch open, SendResult result, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        switch (result)
        {
            case SendResult.Kept kept:
                await AfterPageAsync(open, kept);
                return now;
            case SendResult.Refused { Refusal: var refusal }:
                await states.WaitAsync(refusal, cancellationToken);
                return refusal.RetryAt.ToDateTimeOffset();
            case SendResult.Unreachable unreachable:
                await states.WaitAsync(open.Collections, open.Search.LabId, unreachable.What, unreachable.RetryAt, cancellationToken);
                return unreachable.RetryAt;
            case SendResult.Impossible impossible:
                await states.FailAsync(open.Search.LabId, impossible.Failure, cancellationToken);
                return now + Idle;
            default:
                await states.EvaluateAsync(open.Search.LabId, open.Collections, cancellationToken);
                return now;
        }
    }

    private async Task AfterPageAsync(OpenSearch open, SendResult.Kept kept)
    {
        if (kept.Step is Step.Finished { Missing: { } missing })
        {
            metrics.Missed(missing);
        }

        if (open.Search.Kind is SearchKind.Refresh && kept.Step is Step.Finished)
        {
            await refreshes.AnnounceAsync(CancellationToken.None);
        }

        await states.EvaluateAsync(open.Search.LabId, kept.Collections, CancellationToken.None);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "A request of search {SearchId} was sent by a process that died; its outcome is unknown and it may be sent again.")]
        public static partial void Recovered(ILogger logger, string searchId);

        [LoggerMessage(Level = LogLevel.Error, Message = "Walking failed by a defect; it goes on in a moment.")]
        public static partial void Defect(ILogger logger, Exception exception);
    }
}
