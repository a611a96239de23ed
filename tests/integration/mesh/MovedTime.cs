namespace IssueObservatory.Mesh.Integration.Mesh;

/// <summary>A clock that runs and can be set; timers run in real time, as on a machine whose clock is set.</summary>
internal sealed class MovedTime(DateTimeOffset start) : TimeProvider
{
    private long offset = (start - System.GetUtcNow()).Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref offset));

    public void MoveTo(DateTimeOffset time) => Interlocked.Exchange(ref offset, (time - System.GetUtcNow()).Ticks);
}
