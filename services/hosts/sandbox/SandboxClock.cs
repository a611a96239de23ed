namespace IssueObservatory.Mesh.Sandbox;

/// <summary>The sandbox's clock: the given provider plus an offset that can be moved. Its timers are the provider's.</summary>
public sealed class SandboxClock(TimeProvider time, TimeSpan offset) : TimeProvider
{
    private long offsetTicks = offset.Ticks;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow().AddTicks(Interlocked.Read(ref offsetTicks));

    /// <inheritdoc />
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc />
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);

    /// <summary>Moves the clock, also backwards; it runs on from there.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref offsetTicks, by.Ticks);

    /// <summary>Sets the clock; it runs on from there.</summary>
    public void SetUtcNow(DateTimeOffset now) => Interlocked.Exchange(ref offsetTicks, (now - time.GetUtcNow()).Ticks);
}
