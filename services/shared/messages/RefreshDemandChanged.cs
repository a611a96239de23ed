namespace IssueObservatory.Mesh.Messages;

/// <summary>
/// What a lab's refreshes need of the daily budget has changed, or has not been told for a while. May come twice, late or in another order: of two, the one that
/// was counted later stands.
/// </summary>
[Event(1, "quota-governor")]
public sealed record RefreshDemandChanged
{
    /// <summary>The lab.</summary>
    public required string LabId { get; init; }

    /// <summary>When it was counted, UTC, to the millisecond.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Units that can be spent now, by deadline, the earliest first; empty when refreshes do not spend by themselves.</summary>
    public required IReadOnlyList<UnitsDue> Due { get; init; }

    /// <summary>Units of the coming UTC days by when they become due, the day of <see cref="At"/> first; today's with what is due already.</summary>
    public required IReadOnlyList<long> Days { get; init; }
}

/// <summary>Units that must have been spent by a time.</summary>
public sealed record UnitsDue
{
    /// <summary>The deadline, UTC.</summary>
    public required DateTimeOffset By { get; init; }

    /// <summary>How many units.</summary>
    public required long Units { get; init; }
}
