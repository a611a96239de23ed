namespace IssueObservatory.Mesh.Collector;

/// <summary>Lets no search send what is known to fail or to be refused, and gives explorations the searches that they need.</summary>
internal sealed class SearchShading(ICollectorStore store, CollectionStates states, RefreshAnswers refreshes, CollectorMetrics metrics, CollectorOptions options, TimeProvider time)
{
    /// <summary>Null when the search may send; otherwise whether something has changed.</summary>
    public async Task<bool?> TurnAsync(OpenSearch open, CancellationToken cancellationToken)
    {
        if (open.Search.Kind is SearchKind.List || !open.Checkpoint.IsFirstPage)
        {
            return null;
        }

        var known = await store.ReadBlackoutsAsync(open.Search.Class, cancellationToken);
        switch (Shade.Of(open.Search, open.Checkpoint, known, time.GetUtcNow()))
        {
            case Shade.Turns { Turn: var turn }:
                if (!await store.TurnAsync(open, turn, cancellationToken))
                {
                    return false;
                }

                metrics.Missed(turn.Step);
                if (open.Search.Kind is SearchKind.Refresh)
                {
                    await refreshes.AnnounceAsync(cancellationToken);
                }

                await states.EvaluateAsync(open.Search.LabId, open.Collections, cancellationToken);
                return true;
            case Shade.Held:
                return false;
            default:
                return await HalveAsync(open, cancellationToken);
        }
    }

    /// <summary>A size that was refused is not tried again, nor are keywords merged that may not be any more.</summary>
    private async Task<bool?> HalveAsync(OpenSearch open, CancellationToken cancellationToken) =>
        open.Search.Clauses.Count > 1
        && Halving.Due(open.Search, open.Checkpoint, await store.ReadMergingAsync(open.Search.LabId, open.Search.Class, cancellationToken), options) is { } step
            ? await store.TurnAsync(open, new(step, News: null), cancellationToken)
            : null;
}
