using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Measures what is due, and refreshes it regularly where that may cost quota.</summary>
internal sealed partial class RefreshWorker(
    IRefreshStore store,
    RefreshRun run,
    RefreshDemands demands,
    RefreshMetrics metrics,
    IOptions<RefreshSchedulerOptions> options,
    TimeProvider clock,
    ILogger<RefreshWorker> logger,
    IHostApplicationLifetime lifetime) : MeshWorker(lifetime)
{
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var failing = false;
        while (true)
        {
            try
            {
                foreach (var labId in await store.ListLabsAsync(stoppingToken))
                {
                    await LookAfterAsync(labId, stoppingToken);
                }

                if (failing)
                {
                    Log.RunsAgain(logger);
                }

                failing = false;
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // What is away for an hour is told once, not sixty times.
                if (!failing)
                {
                    Log.RunFailed(logger, options.Value.RunEverySeconds, failure is MeshException ? failure.Message : "a defect", failure is MeshException ? null : failure);
                }

                failing = true;
            }

            await Task.Delay(TimeSpan.FromSeconds(options.Value.RunEverySeconds), clock, stoppingToken);
        }
    }

    private async Task LookAfterAsync(string labId, CancellationToken cancellationToken)
    {
        if (options.Value.Spends)
        {
            var outcome = await run.GoOnAsync(labId, options.Value.MaxBatchesPerRun, TimeSpan.FromSeconds(options.Value.RepeatAfterSeconds), cancellationToken);
            if (outcome.Batches > 0)
            {
                Log.HandedOver(logger, outcome.Videos, outcome.Batches, outcome.Left);
            }
        }

        await demands.TellAsync(labId, cancellationToken);
        metrics.Due(labId, (await store.CountAsync(labId, clock.GetUtcNow(), cancellationToken)).Due);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{Videos} videos were handed over for refresh in {Batches} batches; {Left} due videos are left for later.")]
        public static partial void HandedOver(ILogger logger, long videos, int batches, long left);

        [LoggerMessage(Level = LogLevel.Warning, Message = "A refresh run failed and is repeated every {Seconds} s until it works: {Reason}")]
        public static partial void RunFailed(ILogger logger, int seconds, string reason, Exception? defect);

        [LoggerMessage(Level = LogLevel.Information, Message = "Refresh runs work again.")]
        public static partial void RunsAgain(ILogger logger);
    }
}
