namespace IssueObservatory.Mesh.Messages;

/// <summary>
/// TikTok has become dark for days of a class, or answers for days again of which nothing was known or that were dark. What every lab finds counts for all.
/// May come twice, and may be lost with the process that found it: whoever waits for light looks for itself every few hours.
/// </summary>
[Event(1, "refresh-scheduler")]
public sealed record BlackoutChanged
{
    /// <summary>The class: <c>hashtag</c>, <c>keyword</c>, <c>username</c>, <c>id</c> or <c>query</c>.</summary>
    public required string Class { get; init; }

    /// <summary>First UTC day.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last UTC day.</summary>
    public required DateOnly To { get; init; }

    /// <summary>Whether they are dark now, tested or not.</summary>
    public required bool IsDark { get; init; }

    /// <summary>When the answer came that says so, UTC.</summary>
    public required DateTimeOffset At { get; init; }
}
