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
internal sealed class SearchShading(ICollectorStore store, CollectionStates states, RefreshAnswers refreshes, BlackoutEvents blackoutEvents, CollectorMetrics metrics, CollectorOptions options, TimeProvider time)
{
    public async Task<Shading> TurnAsync(OpenSearch open, Outage outage, CancellationToken cancellationToken)
    {
        if (open.Search.Kind is SearchKind.List || !open.Checkpoint.IsFirstPage)
        {
            return Shading.MaySend;
        }

        var known = await store.ReadBlackoutsAsync(open.Search.Class, cancellationToken);
        switch (Shade.Of(open.Search, open.Checkpoint, known, outage, time.GetUtcNow(), options))
        {
            case Shade.Turns { Turn: var turn }:
                if (!await store.TurnAsync(open, turn, cancellationToken))
                {
                    return Shading.Held;
                }

                await blackoutEvents.TellAsync(turn.News, cancellationToken);
                if (open.Search.Kind is SearchKind.Refresh)
                {
                    await refreshes.AnnounceAsync(cancellationToken);
                }
                else
                {
                    metrics.Missed(turn.Step);
                }

                await states.EvaluateAsync(open.Search.LabId, open.Collections, cancellationToken);
                return Shading.Turned;
            case Shade.Held:
                return Shading.Held;
            case Shade.Unproven:
                return Shading.Unproven;
            default:
                return await LeaveOrHalveAsync(open, known, cancellationToken);
        }
    }

    /// <summary>A size or length that was refused is not tried again, nor are keywords merged that may not be any more, nor is an account asked for that TikTok does not answer for today.</summary>
    private async Task<Shading> LeaveOrHalveAsync(OpenSearch open, ClassBlackouts blackouts, CancellationToken cancellationToken)
    {
        var search = open.Search;
        if (search.Clauses.Count < 2 && search.Window.Count <= Shortening.SafeDays && !Witness.IsFor(search))
        {
            return Shading.MaySend;
        }

        var known = await store.ReadMergingAsync(search.LabId, search.Class, cancellationToken);
        var now = time.GetUtcNow();
        var step = Witness.IsFor(search) && (known.Rests(search, now) || (open.Checkpoint.Confirmations > 0 && known.Sinks(search))) ? Walker.Sunk(search, now)
            : Shortening.Due(search, open.Checkpoint, known, options) ?? Halving.Due(search, open.Checkpoint, known, options);
        if (step is null)
        {
            return Shading.MaySend;
        }

        return await store.TurnAsync(open, new(step, Witness.Release(search, blackouts, now)), cancellationToken) ? Shading.Turned : Shading.Held;
    }
}
