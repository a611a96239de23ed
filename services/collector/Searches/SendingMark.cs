namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// When the governor was asked to mark a grant SENT. A process may stand still at any instruction, for hours; what it sent afterwards would count
/// on a day that no budget holds it against. So the moment is taken on two clocks: the one that only runs forward stands still while a machine
/// sleeps, and the other one may be set.
/// </summary>
internal readonly record struct SendingMark(long Timestamp, DateTimeOffset At)
{
    /// <summary>From asking for the mark to the socket it takes milliseconds. The governor's guard around midnight is many times longer.</summary>
    public static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);

    /// <summary>Take it before asking: how long the answer took belongs to the time since.</summary>
    public static SendingMark Now(TimeProvider time) => new(time.GetTimestamp(), time.GetUtcNow());

    /// <summary>Whether the request may still be sent.</summary>
    public bool IsGood(TimeProvider time) => time.GetElapsedTime(Timestamp) < GoodFor && (time.GetUtcNow() - At).Duration() < GoodFor;
}
