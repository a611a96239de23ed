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
        return Status(facts, await quota.GetAsync(labId, facts.Collection.Bucket, cancellationToken), await ReadChecksAsync(labId, facts.Asked, [], cancellationToken));
    }

    public async Task<(IReadOnlyList<CollectionStatus> Page, string NextToken)> ListAsync(string labId, int pageSize, string pageToken, CancellationToken cancellationToken)
    {
        var limit = pageSize <= 0 ? 50 : Math.Min(pageSize, 1000);
        var page = await store.ListAsync(labId, pageToken, limit + 1, cancellationToken);
        List<CollectionStatus> statuses = [];
        Dictionary<QuotaBucket, QuotaStatus?> budgets = [];
        Dictionary<ClauseClass, MergeKnowledge> merging = [];
        foreach (var collection in page.Take(limit))
        {
            if (!budgets.TryGetValue(collection.Bucket, out var budget))
            {
                budgets[collection.Bucket] = budget = await quota.GetAsync(labId, collection.Bucket, cancellationToken);
            }

            var facts = await FactsAsync(labId, collection.CollectionId, cancellationToken);
            statuses.Add(Status(facts, budget, await ReadChecksAsync(labId, facts.Asked, merging, cancellationToken)));
        }

        return (statuses, page.Count > limit ? page[limit - 1].CollectionId : "");
    }

    public static IEnumerable<CoverageSpan> Coverage(CollectionFacts facts)
    {
        foreach (var span in Progress.Spans(facts, fine: true))
        {
            var seen = new CoverageSpan
            {
                Input = span.Asked.Input,
                Class = span.Asked.Clause.Class,
                Days = span.Asked.IsList ? new() : span.Days.ToRange(),
                State = span.Seen,
                Reason = span.Reason,
                Doubtful = span.IsDoubtful,
            };
            if (span.Videos is { } videos)
            {
                seen.Videos = videos;
            }

            yield return seen;
        }
    }

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

    /// <summary>What checks of the local match found for the classes of terms that are asked for, of those that were answered.</summary>
    /// <param name="labId">Whose.</param>
    /// <param name="asked">What is asked for.</param>
    /// <param name="known">What was read for others in the same call; what is read now is added.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<IReadOnlyList<MatchCheck>> ReadChecksAsync(string labId, IReadOnlyList<AskedClause> asked, Dictionary<ClauseClass, MergeKnowledge> known, CancellationToken cancellationToken)
    {
        List<MatchCheck> checks = [];
        foreach (var clauseClass in asked.Select(each => each.Clause.Class).Where(TwinChecks.IsOf).Distinct().Order())
        {
            if (!known.TryGetValue(clauseClass, out var learnt))
            {
                known[clauseClass] = learnt = await store.ReadMergingAsync(labId, clauseClass, cancellationToken);
            }

            if (learnt.Checked is { } found)
            {
                checks.Add(new() { Class = clauseClass, Videos = found.Videos, Missed = found.Missed, Invented = found.Invented });
            }
        }

        return checks;
    }

    private CollectionStatus Status(CollectionFacts facts, QuotaStatus? budget, IReadOnlyList<MatchCheck> checks)
    {
        var collection = facts.Collection;
        var progress = Progress.Of(facts);
        var now = time.GetUtcNow();
        var (waitingFor, waitingUntil) = Waiting(facts, progress, now);
        var status = new CollectionStatus
        {
            CollectionId = collection.CollectionId,
            // Others may wait for quota; this one does not want any now.
            State = IsIdle(facts, progress) ? CollectionState.Running : collection.State,
            Requests = new() { Sent = collection.Sent, Ok = collection.Ok, Failed = collection.Failed },
            Records = new() { Received = collection.Received, New = collection.New, Updated = collection.Updated, Unattributed = collection.Unattributed, Quarantined = collection.Quarantined },
            Days = new() { Complete = progress.Complete, Gap = progress.Gap, Pending = progress.Pending, Doubtful = progress.Doubtful },
            Quota = budget,
            WaitingFor = waitingFor,
            WaitingUntil = waitingUntil?.ToTimestamp(),
            Failure = collection.Failure,
            Sequence = collection.Sequence,
            CreatedAt = collection.CreatedAt.ToTimestamp(),
            Elapsed = ((collection.EndedAt ?? now) - collection.CreatedAt).ToDuration(),
            Spec = CollectionSpec.Parser.ParseJson(collection.Spec),
            Standing = collection.IsStanding ? new() { UpTo = UpTo(facts), NextAt = collection.DueAt?.ToTimestamp() } : null,
            UnitsToday = DailyUnits.SpentToday(collection, now),
        };
        if (collection.Estimate is { } estimate)
        {
            status.Estimate = new() { MinUnits = estimate.Min, LikelyUnits = estimate.Likely };
        }

        if (collection is { State: CollectionState.Complete or CollectionState.CompleteWithGaps, Held: { } held })
        {
            status.Records.Held = held;
        }

        status.MatchChecks.Add(checks);
        status.Gaps.Add(progress.Gaps);
        status.Inputs.Add(progress.Inputs);
        return status;
    }

    private (string What, DateTimeOffset? Until) Waiting(CollectionFacts facts, Progress progress, DateTimeOffset now) => facts.Collection switch
    {
        { IsActive: true } asleep when !awake.IsAwake(asleep.CollectionId) => ("somebody who lets it go on (the same command again, `mesh resume` or `mesh up`)", null),
        { IsActive: true } resting when IsUnfinished(facts, progress) && DailyUnits.Rests(resting, now) => ("the next day, as its units of the day are spent", resting.RestsUntil),
        var standing when IsIdle(facts, progress) => ("the next day, which is not old enough yet", standing.NextDayAt),
        var collection => (collection.WaitingFor, collection.WaitingUntil),
    };

    /// <summary>Whether days or lists are still to come.</summary>
    private static bool IsUnfinished(CollectionFacts facts, Progress progress) =>
        progress.Pending > 0 || (facts.Asked is [{ IsList: true }, ..] && progress.Inputs.Any(input => input.Result is InputOutcome.Pending));

    /// <summary>Whether it has read every day that is old enough.</summary>
    private static bool IsIdle(CollectionFacts facts, Progress progress) => facts.Collection is { IsActive: true, IsStanding: true } && progress.Pending == 0 && facts.OpenSearches == 0;

    /// <summary>The last day before the first that is still to come; empty when that is the very first.</summary>
    private static string UpTo(CollectionFacts facts)
    {
        var pending = Progress.Spans(facts).Where(span => span.State is CoverageState.Pending).Select(span => (DateOnly?)span.Days.From).Min();
        var last = pending?.AddDays(-1) ?? facts.Collection.Until;
        return last is { } day && facts.Asked.Any(asked => asked.Days.From <= day) ? Days.Text(day) : "";
    }
}
