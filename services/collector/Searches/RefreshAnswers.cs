using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Announces refreshes that have ended; what was not returned is said only when TikTok answered to the end.</summary>
internal sealed class RefreshAnswers(ICollectorStore store, IEvents events)
{
    public async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        foreach (var ended in await store.ListEndedRefreshesAsync(cancellationToken))
        {
            await events.PublishAsync(
                new RefreshAnswered
                {
                    LabId = ended.Search.LabId,
                    RefreshId = ended.Search.RefreshId,
                    Answered = ended.Answered,
                    ReadAt = ended.ReadAt,
                    Returned = ended.Answered ? ended.Returned : [],
                    Missing = ended.Answered ? [.. ended.Search.VideoIds.Except(ended.Returned, StringComparer.Ordinal)] : [],
                },
                cancellationToken);
            await Failpoints.HitAsync(FailpointNames.CollectorAfterRefreshPublished, cancellationToken);
            await store.MarkAnnouncedAsync(ended.Search.LabId, ended.Search.SearchId, cancellationToken);
        }
    }
}
