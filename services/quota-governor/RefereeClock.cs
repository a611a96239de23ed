namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// Compares our clock with TikTok's <c>Date</c>. Found wrong, it stays wrong until it has been set right (the process's own stopwatch tells),
/// until an answer proves it right, or for an hour: then one request looks again.
/// </summary>
internal sealed class RefereeClock(QuotaGovernorOptions options, TimeProvider clock)
{
    private static readonly TimeSpan LongestMemory = TimeSpan.FromHours(1);
    private static readonly TimeSpan NextLook = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Observation? wrong;

    /// <summary>TikTok stamped an answer between our sending and now.</summary>
    /// <returns>How far TikTok's clock is ahead of ours (negative: behind) beyond what the flight explains; zero when they agree.</returns>
    public TimeSpan Observe(DateTimeOffset sentAt, DateTimeOffset serverDate)
    {
        if (!options.RefereeClock)
        {
            return TimeSpan.Zero;
        }

        var now = clock.GetUtcNow();
        var ahead = serverDate > now ? serverDate - now : serverDate < sentAt ? serverDate - sentAt : TimeSpan.Zero;
        lock (gate)
        {
            wrong = ahead.Duration() > options.MaxClockSkew ? new(ahead, now, clock.GetTimestamp()) : null;
            return wrong?.Ahead ?? TimeSpan.Zero;
        }
    }

    /// <summary>When to ask again, if our clock is still wrong; null when grants are safe.</summary>
    public DateTimeOffset? RefusedUntil()
    {
        lock (gate)
        {
            if (wrong is not { } seen)
            {
                return null;
            }

            var now = clock.GetUtcNow();
            var passed = clock.GetElapsedTime(seen.Timestamp);
            var setForward = now - seen.At - passed;
            if (passed >= LongestMemory || (seen.Ahead - setForward).Duration() <= options.MaxClockSkew)
            {
                wrong = null;
                return null;
            }

            return now + NextLook;
        }
    }

    private sealed record Observation(TimeSpan Ahead, DateTimeOffset At, long Timestamp);
}
