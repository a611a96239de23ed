using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// Announces each UTC day's opening once per account, 35 s after midnight; one that was slept over is announced on waking or on the next start.
/// Published first and noted afterwards: a crash in between announces twice, never not at all.
/// </summary>
internal sealed partial class QuotaResetWorker(
    IQuotaStore store,
    IEvents events,
    QuotaChanges changes,
    QuotaMetrics metrics,
    QuotaGovernorOptions options,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILogger<QuotaResetWorker> logger) : MeshWorker(lifetime)
{
    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = UtcDay.NextOpening(clock.GetUtcNow(), options.MidnightGuard);
            await Insistence.UntilDoneAsync(AnnounceAsync, clock, (failed, pause) => Log.NotAnnounced(logger, failed, pause.TotalSeconds), stoppingToken);
            await clock.UntilAsync(next, stoppingToken);
        }
    }

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        var day = UtcDay.OpenAt(clock.GetUtcNow(), options.MidnightGuard);
        foreach (var account in await store.ListUnannouncedAsync(day, cancellationToken))
        {
            await events.PublishAsync(new QuotaReset { LabId = account.LabId, Account = account.Account, Day = UtcDay.Text(day) }, cancellationToken);
            await Failpoints.HitAsync(FailpointNames.GovernorAfterResetPublished, cancellationToken);
            await store.MarkAnnouncedAsync(account, day, cancellationToken);
            foreach (var budget in await store.ReadAsync(account.LabId, account.Account, cancellationToken))
            {
                metrics.Show(budget.Reading);
            }

            Log.Opened(logger, day, account.Account);
            changes.Announce(account.LabId);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The budget of {Day} is open for account {Account}.")]
        public static partial void Opened(ILogger logger, DateOnly day, string account);

        [LoggerMessage(LogLevel.Warning, "The opening of a day could not be announced; again in {Seconds:F0} s.")]
        public static partial void NotAnnounced(ILogger logger, Exception exception, double seconds);
    }
}
