namespace IssueObservatory.Mesh.Bench;

/// <summary>A clock that stands at noon, so that no run meets midnight and all runs do the same.</summary>
internal sealed class StandingClock : TimeProvider
{
    /// <summary>The moment at which it stands.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 16, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
