using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What callers see of collections.</summary>
internal sealed class CollectionReports(ICollectorStore store, IQuota quota, AwakeWork awake, TimeProvider time)
{
    /// <exception cref="MeshException">NOT_FOUND.</exception>
    public async Task<CollectionFacts> FactsAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        await store.ReadFactsAsync(labId, collectionId, cancellationToken) ?? throw MeshException.NotFound($"Collection {collectionId}");

    public async Task<CollectionStatus> StatusAsync(string labId, string collectionId, CancellationToken cancellationToken)
    {
        var facts = await FactsAsync(labId, collectionId, cancellationToken);
        return Status(facts, await quota.GetAsync(labId, facts.Collection.Bucket, cancellationToken));
    }

    public async Task<(IReadOnlyList<CollectionStatus> Page, string NextToken)> ListAsync(string labId, int pageSize, string pageToken, CancellationToken cancellationToken)
    {
        var limit = pageSize <= 0 ? 50 : Math.Min(pageSize, 1000);
        var page = await store.ListAsync(labId, pageToken, limit + 1, cancellationToken);
        List<CollectionStatus> statuses = [];
        Dictionary<QuotaBucket, QuotaStatus?> budgets = [];
        foreach (var collection in page.Take(limit))
        {
            if (!budgets.TryGetValue(collection.Bucket, out var budget))
            {
                budgets[collection.Bucket] = budget = await quota.GetAsync(labId, collection.Bucket, cancellationToken);
            }

            statuses.Add(Status(await FactsAsync(labId, collection.CollectionId, cancellationToken), budget));
        }

        return (statuses, page.Count > limit ? page[limit - 1].CollectionId : "");
    }

    public static IEnumerable<CoverageSpan> Coverage(CollectionFacts facts) =>
        from span in Progress.Spans(facts)
        select new CoverageSpan
        {
            Input = span.Asked.Input,
            Class = span.Asked.Clause.Class,
            Days = span.Asked.IsList ? new() : span.Days.ToRange(),
            State = span.State,
            Reason = span.Reason,
            Doubtful = span.IsDoubtful,
        };

    /// <summary>As the command and errors write it: <c>complete_with_gaps</c>.</summary>
    public static string Name(CollectionState state) => state switch
    {
        CollectionState.Running => "running",
        CollectionState.WaitingForQuota => "waiting_for_quota",
        CollectionState.Paused => "paused",
        CollectionState.Complete => "complete",
        CollectionState.CompleteWithGaps => "complete_with_gaps",
        CollectionState.Cancelled => "cancelled",
        CollectionState.Failed => "failed",
        _ => "unknown",
    };

    private CollectionStatus Status(CollectionFacts facts, QuotaStatus? budget)
    {
        var collection = facts.Collection;
        var progress = Progress.Of(facts);
        var asleep = collection.IsActive && !awake.IsAwake(collection.CollectionId);
        var status = new CollectionStatus
        {
            CollectionId = collection.CollectionId,
            State = collection.State,
            Requests = new() { Sent = collection.Sent, Ok = collection.Ok, Failed = collection.Failed },
            Records = new() { Received = collection.Received, New = collection.New, Updated = collection.Updated, Unattributed = collection.Unattributed, Quarantined = collection.Quarantined },
            Days = new() { Complete = progress.Complete, Gap = progress.Gap, Pending = progress.Pending, Doubtful = progress.Doubtful },
            Quota = budget,
            WaitingFor = asleep ? "somebody who lets it go on (the same command again, `mesh resume` or `mesh up`)" : collection.WaitingFor,
            WaitingUntil = asleep ? null : collection.WaitingUntil?.ToTimestamp(),
            Failure = collection.Failure,
            Sequence = collection.Sequence,
            CreatedAt = collection.CreatedAt.ToTimestamp(),
            Elapsed = ((collection.EndedAt ?? time.GetUtcNow()) - collection.CreatedAt).ToDuration(),
            Spec = CollectionSpec.Parser.ParseJson(collection.Spec),
        };
        if (collection.Estimate is { } estimate)
        {
            status.Estimate = new() { MinUnits = estimate.Min, LikelyUnits = estimate.Likely };
        }

        status.Gaps.Add(progress.Gaps);
        status.Inputs.Add(progress.Inputs);
        return status;
    }
}
