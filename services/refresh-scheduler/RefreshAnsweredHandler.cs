using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>A refresh has ended: each of its videos gets its next date, and the batch is closed.</summary>
internal sealed class RefreshAnsweredHandler(IRefreshStore store, IOptions<RefreshSchedulerOptions> options, TimeProvider clock) : IEventHandler<RefreshAnswered>
{
    public async Task HandleAsync(RefreshAnswered message, CancellationToken cancellationToken)
    {
        var batch = await store.FindOpenAsync(message.LabId, message.RefreshId, cancellationToken);
        if (batch is null)
        {
            return;
        }

        var returned = message.Returned.ToHashSet(StringComparer.Ordinal);
        var missing = message.Missing.ToHashSet(StringComparer.Ordinal);
        var pause = TimeSpan.FromSeconds(options.Value.PauseAfterFailureSeconds);
        var now = clock.GetUtcNow();
        var isCheck = batch.Checks is not CheckedItems.Unspecified;
        await Failpoints.HitAsync(FailpointNames.SchedulerBeforeClose, cancellationToken);
        if (isCheck)
        {
            await store.KeepCheckAsync(message.LabId, ResultOf(batch, message), cancellationToken);
        }

        await store.CloseAsync(
            message.LabId,
            message.RefreshId,
            [.. batch.Videos.Select(video => message switch
            {
                { Answered: true } when returned.Contains(video.PlatformId) => isCheck ? RefreshPlan.Verified(video, message.ReadAt) : RefreshPlan.Read(video.PlatformId, video.PublishedAt, message.ReadAt),
                { Answered: true } when missing.Contains(video.PlatformId) => RefreshPlan.Missed(video, message.ReadAt),
                _ when isCheck => video,
                _ => RefreshPlan.Unanswered(video, now, pause),
            })],
            cancellationToken);
        await Failpoints.HitAsync(FailpointNames.SchedulerAfterClose, cancellationToken);
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
