using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Videos that have a record go on the schedule; a later read moves them.</summary>
internal sealed class PageNormalizedHandler(IRefreshStore store) : IEventHandler<PageNormalized>
{
    public Task HandleAsync(PageNormalized message, CancellationToken cancellationToken) =>
        message.Videos.Count == 0
            ? Task.CompletedTask
            : store.ScheduleAsync(
                message.LabId,
                [.. message.Videos.Select(video => RefreshPlan.Read(video.PlatformId, video.PublishedAt, video.ReadAt))],
                cancellationToken);
}
