using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A page has become records: its search may be covered now, and its collections complete.</summary>
internal sealed class PageNormalizedHandler(ICollectorStore store, CollectionStates states, TimeProvider time) : IEventHandler<PageNormalized>
{
    public async Task HandleAsync(PageNormalized message, CancellationToken cancellationToken)
    {
        var counts = new PageCounts(message.Received, message.New, message.Updated, message.Unattributed, message.Quarantined)
        {
            Videos = message.Matches is { } matches ? [.. matches.Select(match => new ClauseVideos(match.ClauseId, match.Day, match.Videos))] : null,
        };
        await Failpoints.HitAsync(FailpointNames.CollectorBeforeNormalized, cancellationToken);
        var collections = await store.MarkNormalizedAsync(message.LabId, message.PageId, counts, time.GetUtcNow(), cancellationToken);
        await Failpoints.HitAsync(FailpointNames.CollectorAfterNormalized, cancellationToken);
        await states.EvaluateAsync(message.LabId, collections, cancellationToken);
    }
}
