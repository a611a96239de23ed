using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Videos that have a record go on the schedule; a later read moves them.</summary>
internal sealed class PageNormalizedHandler(IRefreshStore store) : IEventHandler<PageNormalized>
{
    public async Task HandleAsync(PageNormalized message, CancellationToken cancellationToken)
    {
        if (message.Videos.Count == 0)
        {
            return;
        }

        await store.ScheduleAsync(
            message.LabId,
            [.. message.Videos.Select(video => RefreshPlan.Read(video.PlatformId, video.PublishedAt, video.ReadAt))],
            cancellationToken);
        await Failpoints.HitAsync(FailpointNames.SchedulerAfterSchedule, cancellationToken);
    }
}
