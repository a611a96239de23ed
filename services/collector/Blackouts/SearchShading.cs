namespace IssueObservatory.Mesh.Collector;

/// <summary>What comes of a search before it may send.</summary>
internal enum Shading
{
    /// <summary>It may.</summary>
    MaySend,

    /// <summary>Something has changed: look again.</summary>
    Turned,

    /// <summary>It waits for others.</summary>
    Held,

    /// <summary>It waits until it is proven that its days are dark.</summary>
    Unproven,
}

/// <summary>Lets no search send what is known to fail or to be refused, and gives explorations the searches that they need.</summary>
internal sealed class SearchShading(ICollectorStore store, CollectionStates states, RefreshAnswers refreshes, CollectorMetrics metrics, CollectorOptions options, TimeProvider time)
{
    public async Task<Shading> TurnAsync(OpenSearch open, Outage outage, CancellationToken cancellationToken)
    {
        if (open.Search.Kind is SearchKind.List || !open.Checkpoint.IsFirstPage)
        {
            return Shading.MaySend;
        }

        var known = await store.ReadBlackoutsAsync(open.Search.Class, cancellationToken);
        switch (Shade.Of(open.Search, open.Checkpoint, known, outage, time.GetUtcNow()))
        {
            case Shade.Turns { Turn: var turn }:
                if (!await store.TurnAsync(open, turn, cancellationToken))
                {
                    return Shading.Held;
                }

                metrics.Missed(turn.Step);
                if (open.Search.Kind is SearchKind.Refresh)
                {
                    await refreshes.AnnounceAsync(cancellationToken);
                }

                await states.EvaluateAsync(open.Search.LabId, open.Collections, cancellationToken);
                return Shading.Turned;
            case Shade.Held:
                return Shading.Held;
            case Shade.Unproven:
                return Shading.Unproven;
            default:
                return await HalveAsync(open, cancellationToken);
        }
    }

    /// <summary>A size that was refused is not tried again, nor are keywords merged that may not be any more.</summary>
    private async Task<Shading> HalveAsync(OpenSearch open, CancellationToken cancellationToken)
    {
        if (open.Search.Clauses.Count < 2
            || Halving.Due(open.Search, open.Checkpoint, await store.ReadMergingAsync(open.Search.LabId, open.Search.Class, cancellationToken), options) is not { } step)
        {
            return Shading.MaySend;
        }

        return await store.TurnAsync(open, new(step, News: null), cancellationToken) ? Shading.Turned : Shading.Held;
    }
}
