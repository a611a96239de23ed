using System.Text.Json.Serialization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Whether TikTok answers at all, as every collector of the mesh knows it, whichever lab asked. <see cref="Breaker"/> moves it.</summary>
internal sealed record Outage
{
    public static readonly Outage None = new();

    /// <summary>What failed before this failed by itself: TikTok has answered something else since.</summary>
    public DateTimeOffset AliveAt { get; init; }

    /// <summary>When the last request failed (<see cref="FailureAt"/>).</summary>
    public DateTimeOffset FailedAt { get; init; }

    /// <summary>Requests that failed since <see cref="AliveAt"/>; probes of days that are known to be dark are not among them.</summary>
    public int Failures { get; init; }

    /// <summary>When the first of them failed; null when none has.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What they weigh as a sign: 2 each, and 1 when the same days had failed before. Answers take it away.</summary>
    public int Doubt { get; init; }

    /// <summary>As much is put down to the days that were asked for; then a control must say whether anything answers.</summary>
    public int Patience { get; init; } = Breaker.LeastPatience;

    /// <summary>Controls in a row that failed too.</summary>
    public int FailedControls { get; init; }

    /// <summary>Since when nothing is sent but tries; null while everything goes its way.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    /// <summary>Tries since then that failed.</summary>
    public int Tries { get; init; }

    /// <summary>Requests in a row that were answered since something failed; while it is open, tries.</summary>
    public int Answers { get; init; }

    /// <summary>Requests that were answered since <see cref="AliveAt"/>, in a row or not.</summary>
    public int Answered { get; init; }

    /// <summary>No control and no try before this: somebody is at one, or it is too soon.</summary>
    public DateTimeOffset NextTryAt { get; init; }

    /// <summary>The last outage that is over; null when there was none.</summary>
    public PastOutage? Last { get; init; }

    /// <summary>Of each class the window that answered last, as far as it is of use for controls.</summary>
    public IReadOnlyList<GoodWindow> Good { get; init; } = [];

    [JsonIgnore]
    public bool IsOpen => OpenedAt is not null;

    /// <summary>So much has failed in a row that only a control may be sent.</summary>
    [JsonIgnore]
    public bool IsInDoubt => !IsOpen && (Doubt >= Patience || FailedControls > 0);

    /// <summary>When a failure came: after every answer before it, whatever the clocks say. A later answer proves it, and no earlier one.</summary>
    public DateTimeOffset FailureAt(DateTimeOffset now) => new[] { now, FailedAt, AliveAt.AddTicks(1) }.Max();

    public GoodWindow? GoodOf(ClauseClass clauseClass) => Good.FirstOrDefault(good => good.Class == clauseClass);
}

/// <summary>A time in which nothing was found out.</summary>
/// <param name="From">TikTok's last answer before it.</param>
/// <param name="To">When it was over.</param>
internal sealed record PastOutage(DateTimeOffset From, DateTimeOffset To)
{
    public bool Contains(DateTimeOffset time) => time > From && time <= To;
}

/// <summary>Days of a class that answered.</summary>
internal sealed record GoodWindow(ClauseClass Class, Days Days, DateTimeOffset At);
