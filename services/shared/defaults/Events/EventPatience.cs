namespace IssueObservatory.Mesh.Defaults;

/// <summary>How often, and after which pauses, a failed event is tried again. The same whatever carries the events.</summary>
/// <param name="Pauses">The pause after each failed try but the last.</param>
internal sealed record EventPatience(IReadOnlyList<TimeSpan> Pauses)
{
    /// <summary>Five tries in all, over 40 seconds.</summary>
    public static EventPatience Usual { get; } = new([TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(30)]);

    /// <summary>What follows a failed try.</summary>
    /// <param name="tries">How many there have been, this one included.</param>
    /// <returns>The pause before the next try; null when this was the last.</returns>
    public TimeSpan? PauseAfter(int tries) => tries <= Pauses.Count ? Pauses[Math.Max(tries, 1) - 1] : null;
}
