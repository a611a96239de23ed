using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>A refresh has ended: each of its videos gets its next date, and the batch is closed.</summary>
internal sealed class RefreshAnsweredHandler(IRefreshStore store, CheckRun checks, IOptions<RefreshSchedulerOptions> options, TimeProvider clock) : IEventHandler<RefreshAnswered>
{
    public async Task HandleAsync(RefreshAnswered message, CancellationToken cancellationToken)
    {
        var batch = await store.FindOpenAsync(message.LabId, message.RefreshId, cancellationToken);
        if (batch is null)
        {
            await checks.GoOnAsync(message, cancellationToken);
            return;
        }

        var returned = message.Returned.ToHashSet(StringComparer.Ordinal);
        var missing = message.Missing.ToHashSet(StringComparer.Ordinal);
        var dark = message.Dark.ToHashSet(StringComparer.Ordinal);
        var untilLight = TimeSpan.FromSeconds(options.Value.PauseWhileDarkSeconds);
        var pause = TimeSpan.FromSeconds(options.Value.PauseAfterFailureSeconds);
        var now = clock.GetUtcNow();
        await Failpoints.HitAsync(FailpointNames.SchedulerBeforeClose, cancellationToken);
        if (batch.IsCheck)
        {
            await store.KeepCheckAsync(message.LabId, ResultOf(batch, message), cancellationToken);
        }

        await store.CloseAsync(
            message.LabId,
            message.RefreshId,
            [.. batch.Videos.Select(video => message switch
            {
                { Answered: true } when returned.Contains(video.PlatformId) => batch.IsCheck ? RefreshPlan.Verified(video, message.ReadAt) : RefreshPlan.Read(video.PlatformId, video.PublishedAt, message.ReadAt),
                { Answered: true } when missing.Contains(video.PlatformId) => RefreshPlan.Missed(video, message.ReadAt),
                _ when batch.IsCheck => video,
                _ when dark.Contains(video.PlatformId) => RefreshPlan.Dark(video, now, untilLight),
                _ => RefreshPlan.Unanswered(video, now, pause),
            })],
            cancellationToken);
        await Failpoints.HitAsync(FailpointNames.SchedulerAfterClose, cancellationToken);
        await checks.GoOnAsync(message, cancellationToken);
    }

    private static CheckResult ResultOf(OpenBatch batch, RefreshAnswered message) => new()
    {
        RefreshId = batch.RefreshId,
        Checks = batch.Checks,
        Items = batch.Videos.Count,
        Answered = message.Answered,
        Alive = message.Returned.Count,
        Missing = [.. message.Missing.Order(StringComparer.Ordinal)],
        Failure = message.Answered ? "" : message.Failure.Length > 0 ? message.Failure : "unanswered",
    };
}
