using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Moves collections from state to state as their facts change, and wakes whoever watches them.</summary>
internal sealed class CollectionStates(ICollectorStore store, IRecordCounts records, AwakeWork awake, Wakeups wakeups, TimeProvider time)
{
    /// <summary>Shorter waits are pacing, not news.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromSeconds(5);

    public async Task EvaluateAsync(string labId, IEnumerable<string> collectionIds, CancellationToken cancellationToken)
    {
        foreach (var collectionId in collectionIds)
        {
            await EvaluateAsync(labId, collectionId, cancellationToken);
        }

        wakeups.Wake();
    }

    /// <summary>Records that the collection has, also those beyond its limit.</summary>
    public async Task<long> CountAsync(CollectionFacts facts, CancellationToken cancellationToken) =>
        (await records.CountAsync(facts.Collection.LabId, RecordViews.Unlimited(facts), cancellationToken)).Records;

    /// <summary>The governor refused: everybody in the lab whom this budget pays for waits.</summary>
    public async Task WaitAsync(string labId, QuotaBucket bucket, Refusal refusal, CancellationToken cancellationToken)
    {
        var until = refusal.RetryAt.ToDateTimeOffset();
        if (until - time.GetUtcNow() < WorthTelling)
        {
            return;
        }

        var state = refusal.Reason is RefusalReason.DaySpent or RefusalReason.Reserved ? CollectionState.WaitingForQuota : CollectionState.Running;
        foreach (var collection in (await AwakeAsync(cancellationToken)).Where(Concerned))
        {
            await TellAsync(collection, state, Explain(refusal.Reason), until, cancellationToken);
        }

        // What holds up background work holds up nobody who stays for an answer.
        bool Concerned(CollectionRecord each) => each.LabId == labId && each.Bucket == bucket && (each.Priority is not Priority.Interactive || refusal.Reason is not (RefusalReason.Reserved or RefusalReason.Paced));
    }

    /// <summary>The governor refused one search: its collections wait, and of several callers' only those of the one whose turn it was.</summary>
    public async Task WaitAsync(OpenSearch open, Refusal refusal, CancellationToken cancellationToken)
    {
        var until = refusal.RetryAt.ToDateTimeOffset();
        if (until - time.GetUtcNow() < WorthTelling)
        {
            return;
        }

        foreach (var collectionId in open.Collections)
        {
            if (await store.FindAsync(open.Search.LabId, collectionId, cancellationToken) is { } collection && collection.Caller == open.Caller)
            {
                await TellAsync(collection, CollectionState.Running, Explain(refusal.Reason), until, cancellationToken);
            }
        }
    }

    /// <summary>These collections alone wait.</summary>
    public async Task WaitAsync(IEnumerable<string> collectionIds, string labId, string what, DateTimeOffset until, CancellationToken cancellationToken)
    {
        foreach (var collectionId in collectionIds)
        {
            if (await store.FindAsync(labId, collectionId, cancellationToken) is { } collection)
            {
                await TellAsync(collection, CollectionState.Running, NextTry(what), until, cancellationToken);
            }
        }
    }

    /// <summary>Nothing can be sent for anybody.</summary>
    public async Task WaitAsync(string what, DateTimeOffset until, CancellationToken cancellationToken)
    {
        foreach (var collection in await AwakeAsync(cancellationToken))
        {
            await TellAsync(collection, CollectionState.Running, NextTry(what), until, cancellationToken);
        }
    }

    /// <summary>Somebody asked for it again: what held it up may be gone, and if not, it is told again.</summary>
    public Task AskAgainAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        ChangeAsync(
            labId,
            collectionId,
            collection => collection is { IsActive: true, WaitingFor.Length: > 0 } ? collection with { State = CollectionState.Running, WaitingFor = "", WaitingUntil = null } : null,
            cancellationToken);

    /// <summary>What says this is over for everybody.</summary>
    public async Task NoLongerWaitAsync(string what, CancellationToken cancellationToken)
    {
        foreach (var waiting in (await store.ListUnfinishedAsync(cancellationToken)).Where(each => each.WaitingFor.Contains(what, StringComparison.Ordinal)))
        {
            await ChangeAsync(
                waiting.LabId,
                waiting.CollectionId,
                collection => collection.WaitingFor.Contains(what, StringComparison.Ordinal) ? collection with { WaitingFor = "", WaitingUntil = null } : null,
                cancellationToken);
        }
    }

    /// <summary>Nothing can be sent for the lab: its active collections fail and say why; Submit and Resume try again.</summary>
    public async Task FailAsync(string labId, string failure, CancellationToken cancellationToken) =>
        await FailAsync(labId, (await AwakeAsync(cancellationToken)).Where(each => each.LabId == labId).Select(each => each.CollectionId), failure, cancellationToken);

    /// <summary>Nothing can be sent for these collections; Submit and Resume try again.</summary>
    public async Task FailAsync(string labId, IEnumerable<string> collectionIds, string failure, CancellationToken cancellationToken)
    {
        foreach (var collectionId in collectionIds)
        {
            await ChangeAsync(
                labId,
                collectionId,
                collection => collection.IsActive ? collection with { State = CollectionState.Failed, Failure = failure, WaitingFor = "", WaitingUntil = null } : null,
                cancellationToken);
        }
    }

    private async Task EvaluateAsync(string labId, string collectionId, CancellationToken cancellationToken)
    {
        while (await store.ReadFactsAsync(labId, collectionId, cancellationToken) is { Collection.HasEnded: false } facts && await ChangeOfAsync(facts, cancellationToken) is { } change)
        {
            // What somebody changed meanwhile may be more work: then the decision is made again.
            await store.ChangeAsync(labId, collectionId, collection => collection.Sequence == facts.Collection.Sequence ? change(collection) : null, cancellationToken);
        }
    }

    /// <summary>What follows from the facts; null when nothing does.</summary>
    private async Task<Func<CollectionRecord, CollectionRecord>?> ChangeOfAsync(CollectionFacts facts, CancellationToken cancellationToken)
    {
        if (facts.Collection is { MaxResults: > 0, IsActive: true } && await CountAsync(facts, cancellationToken) >= facts.Collection.MaxResults)
        {
            return collection => collection with { LimitReached = true };
        }

        var progress = Progress.Of(facts);
        if (Progress.Next(facts, progress) is not { } state)
        {
            return null;
        }

        var counts = await records.CountAsync(facts.Collection.LabId, RecordViews.Of(facts), cancellationToken);
        return collection => collection with
        {
            State = state,
            EndedAt = time.GetUtcNow(),
            LimitedDays = [.. progress.Gaps.Where(gap => gap is { Reason: GapReason.LimitReached, Class: not ClauseClass.List }).Select(gap => Days.Of(gap.Days))],
            DarkGaps = DarkGap.Of(facts),
            WaitingFor = "",
            WaitingUntil = null,
            Held = RecordViews.Makes(facts) is DocumentType.Unspecified ? counts.Records : null,
            RecordsByClause = new Dictionary<string, long>(counts.ByClause, StringComparer.Ordinal),
        };
    }

    private async Task<IEnumerable<CollectionRecord>> AwakeAsync(CancellationToken cancellationToken) =>
        (await store.ListUnfinishedAsync(cancellationToken)).Where(each => awake.IsAwake(each.CollectionId));

    /// <summary>Who still waits for the same is not told again: the runner, woken by what it said, would say it again and again. With many that wait, to ask each would take long.</summary>
    private async Task TellAsync(CollectionRecord known, CollectionState state, string what, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Waiting(known) is not null)
        {
            await ChangeAsync(known.LabId, known.CollectionId, Waiting, cancellationToken);
        }

        CollectionRecord? Waiting(CollectionRecord collection) =>
            !collection.IsActive || (collection.WaitingFor == what && collection.State == state && (collection.WaitingUntil == until || collection.WaitingUntil > now))
                ? null
                : collection with { State = state, WaitingFor = what, WaitingUntil = until };
    }

    /// <summary>Wakes whoever watches only when there is something to see: the runner itself would never rest otherwise.</summary>
    private async Task ChangeAsync(string labId, string collectionId, Func<CollectionRecord, CollectionRecord?> change, CancellationToken cancellationToken)
    {
        var changed = false;
        await store.ChangeAsync(
            labId,
            collectionId,
            collection =>
            {
                var after = change(collection);
                changed = after is not null;
                return after;
            },
            cancellationToken);
        if (changed)
        {
            wakeups.Wake();
        }
    }

    private static string NextTry(string why) => why.Length > 0 ? $"the next try: {why}" : "the next try";

    /// <summary>What "waits for" may go before.</summary>
    private static string Explain(RefusalReason reason) => reason switch
    {
        RefusalReason.DaySpent => "the next day's quota, as this day's is spent",
        RefusalReason.Reserved => "quota that is not kept for interactive work",
        RefusalReason.RefreshDue => "refreshes whose deadlines leave no choice go first",
        RefusalReason.CallerCap => "the next day, as its caller has used what the policy allows it a day",
        RefusalReason.Midnight => "the turn of the UTC day",
        RefusalReason.RateLimited => "the end of a pause that TikTok asked for",
        RefusalReason.ClockSkew => "this machine's clock, which differs from TikTok's",
        RefusalReason.InFlight => "a request that is on its way",
        _ => "the pace of background work",
    };
}
