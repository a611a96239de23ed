using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>One request of a caller, as it is kept.</summary>
internal sealed record CollectionRecord
{
    public required string LabId { get; init; }

    public required string CollectionId { get; init; }

    /// <summary>Who asked for it; empty when that was not kept.</summary>
    public string Caller { get; init; } = "";

    /// <summary>The caller's, or made from the spec.</summary>
    public required string RequestId { get; init; }

    /// <summary>Hash of the spec as it was given: the same request_id with another one is refused.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The spec as protobuf JSON, days and regions filled in.</summary>
    public required string Spec { get; init; }

    public required Priority Priority { get; init; }

    /// <summary>Which budget pays for it.</summary>
    public QuotaBucket Bucket { get; init; } = QuotaBucket.Research;

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public CollectionState State { get; init; } = CollectionState.Running;

    /// <summary>Why it failed; empty otherwise.</summary>
    public string Failure { get; init; } = "";

    public long MaxResults { get; init; }

    public long MaxUnits { get; init; }

    /// <summary>Most units a UTC day; 0: no limit.</summary>
    public long UnitsPerDay { get; init; }

    /// <summary>The last UTC day on which it paid for something.</summary>
    public DateOnly? SpentOn { get; init; }

    /// <summary>Units that it paid for on that day.</summary>
    public long SpentThen { get; init; }

    /// <summary>Its units of the day are spent: it pays for nothing before this.</summary>
    public DateTimeOffset? RestsUntil { get; init; }

    /// <summary>New days are added to it as they ripen (<see cref="StandingDays"/>).</summary>
    public bool IsStanding { get; init; }

    /// <summary>The last day that it asks for so far, whatever it asked for at first; null: as it asked.</summary>
    public DateOnly? Until { get; init; }

    /// <summary>The last day that will ever be added; null: no end. Only of one that is, or was, standing.</summary>
    public DateOnly? EndsOn { get; init; }

    /// <summary>When the next day is to be added; null when none will be.</summary>
    public DateTimeOffset? NextDayAt { get; init; }

    /// <summary>A limit was reached: days without coverage stay a gap of this collection, though not of the lab.</summary>
    public bool LimitReached { get; init; }

    /// <summary>Days that were not read when the limit was reached; what others read of them later does not count for this collection.</summary>
    public IReadOnlyList<Days> LimitedDays { get; init; } = [];

    /// <summary>Days that it lacks because TikTok did not answer for them, when it ended.</summary>
    public IReadOnlyList<DarkGap> DarkGaps { get; init; } = [];

    /// <summary>Whether the mesh itself asks again for what it lacks, once that can be had.</summary>
    public bool AwaitsLight => State is CollectionState.CompleteWithGaps && !LimitReached && DarkGaps.Count > 0;

    /// <summary>What it was expected to cost when it was submitted; null before that was kept.</summary>
    public EstimatedUnits? Estimate { get; init; }

    public long Sent { get; init; }

    public long Ok { get; init; }

    public long Failed { get; init; }

    public long Received { get; init; }

    public long New { get; init; }

    public long Updated { get; init; }

    public long Unattributed { get; init; }

    public long Quarantined { get; init; }

    /// <summary>Records that it had when it ended, whoever paid for them; null before, and where its lists make documents.</summary>
    public long? Held { get; init; }

    /// <summary>Records per clause_id when it ended.</summary>
    public IReadOnlyDictionary<string, long> RecordsByClause { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    public string WaitingFor { get; init; } = "";

    public DateTimeOffset? WaitingUntil { get; init; }

    /// <summary>Rises with each change.</summary>
    public long Sequence { get; init; }

    /// <summary>Whether requests may be sent for it.</summary>
    public bool IsActive => State is CollectionState.Running or CollectionState.WaitingForQuota && !LimitReached;

    public bool HasEnded => State is CollectionState.Complete or CollectionState.CompleteWithGaps or CollectionState.Cancelled;

    /// <summary>When days are to be added to it; null when they are not, now.</summary>
    public DateTimeOffset? DueAt => IsStanding && IsActive ? NextDayAt : null;

    /// <summary>What a change made of it, as it is to be kept.</summary>
    public CollectionRecord Changed(CollectionRecord after) => after with { Sequence = Sequence + 1 };

    /// <summary>A request_id is remembered for a while; an ended collection that is older no longer answers to it.</summary>
    public bool AnswersTo(CollectionRecord asked, CollectorOptions options) => !HasEnded || CreatedAt.AddDays(options.RequestIdDays) > asked.CreatedAt;
}

/// <summary>Units that a collection takes at least, and those that it likely takes.</summary>
internal sealed record EstimatedUnits(long Min, long Likely);
