using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Takes up requests that nobody works on any more: their process is gone, or it is this one and has lost them because its store was away.
/// Nobody knows what became of them, so their units stay spent and the requests may be sent again. Of others it is known, and only the governor has not heard it: it is told.
/// </summary>
internal sealed partial class LostRequests(
    ICollectorStore store,
    IQuota quota,
    CollectorInstance instance,
    SearchesInHand inHand,
    Wakeups wakeups,
    CollectorOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<LostRequests> logger) : MeshWorker(lifetime)
{
    private readonly HeartbeatWatch watch = new(options.HeartbeatGoodFor);
    private readonly long began = time.GetTimestamp();

    /// <summary>Looks once.</summary>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        if (instance.Holder is not { } self)
        {
            return;
        }

        var askedAt = time.GetElapsedTime(began);
        watch.Look(await store.ListHeartbeatsAsync(cancellationToken), askedAt);
        foreach (var open in await store.ListInFlightAsync(cancellationToken))
        {
            if (open.Checkpoint.Untold is { } untold)
            {
                await TellAsync(open, untold, cancellationToken);
            }

            // In hand is asked after the store: what was in hand before and is not now has an outcome that the store knows.
            if (open.Checkpoint.InFlightGrant.Length > 0 && (open.Holder == self ? !inHand.Has(open.Search) : watch.IsGone(open.Holder)))
            {
                await TakeUpAsync(open, cancellationToken);
            }
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await instance.Begun.WaitAsync(stoppingToken);
        await RepeatAsync(TakeUpAsync, options.Heartbeat, time, defect => Log.Defect(logger, defect), stoppingToken);
    }

    private async Task TakeUpAsync(OpenSearch open, CancellationToken cancellationToken)
    {
        await SettleAsync(open.Search.LabId, open.Checkpoint.InFlightGrant, GrantOutcome.Unknown, cancellationToken);
        await store.ForgetRequestAsync(open, cancellationToken);
        Log.TakenUp(logger, open.Search.SearchId);
        wakeups.Wake();
    }

    private async Task TellAsync(OpenSearch open, UntoldGrant untold, CancellationToken cancellationToken)
    {
        await SettleAsync(open.Search.LabId, untold.GrantId, untold.Outcome, cancellationToken);
        await store.NoteToldAsync(open, cancellationToken);
        wakeups.Wake();
    }

    private async Task SettleAsync(string labId, string grantId, GrantOutcome outcome, CancellationToken cancellationToken)
    {
        try
        {
            await quota.SettleAsync(labId, grantId, outcome, serverDate: null, cancellationToken);
        }
        catch (MeshException settled) when (settled.Reason is ErrorReason.NotFound or ErrorReason.StateForbids)
        {
            // It never was marked SENT, or has been settled already.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "A request of search {SearchId} was begun and nobody works on it any more; its outcome is unknown and it may be sent again.")]
        public static partial void TakenUp(ILogger logger, string searchId);

        [LoggerMessage(Level = LogLevel.Error, Message = "Looking for lost requests failed by a defect; it is tried again in a moment.")]
        public static partial void Defect(ILogger logger, Exception exception);
    }
}
