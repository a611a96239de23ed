namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>A clock that stands until somebody moves it.</summary>
internal sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = start;

    public override DateTimeOffset GetUtcNow() => Now;
}
