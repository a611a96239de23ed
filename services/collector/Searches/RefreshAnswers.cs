using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Announces refreshes that have ended; what was not returned is said only when TikTok answered to the end.</summary>
internal sealed class RefreshAnswers(ICollectorStore store, IEvents events)
{
    /// <summary>Announces them; what the bus does not take now is announced by the next sweep.</summary>
    public async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AnnounceAllAsync(cancellationToken);
        }
        catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
        {
            // Readiness says that the bus is away.
        }
    }

    private async Task AnnounceAllAsync(CancellationToken cancellationToken)
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
                    Failure = ended.Answered ? "" : ended.Failure,
                },
                cancellationToken);
            await Failpoints.HitAsync(FailpointNames.CollectorAfterRefreshPublished, cancellationToken);
            await store.MarkAnnouncedAsync(ended.Search.LabId, ended.Search.SearchId, cancellationToken);
        }
    }
}
