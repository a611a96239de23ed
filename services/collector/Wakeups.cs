namespace IssueObservatory.Mesh.Collector;

/// <summary>Tells whoever waits in this process that something changed: work to walk, a collection to watch.</summary>
internal sealed class Wakeups
{
    private TaskCompletionSource next = New();

    /// <summary>Completes at the next wake-up. Take it before looking, so that nothing is missed in between.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public void Wake() => Interlocked.Exchange(ref next, New()).SetResult();

    /// <summary>Waits for a wake-up, or until <paramref name="time"/>, or a short while, whichever comes first: clocks are set and laptops sleep.</summary>
    public static async Task WaitAsync(Task wakeup, DateTimeOffset time, TimeProvider clock, CancellationToken cancellationToken)
    {
        var left = time - clock.GetUtcNow();
        if (left <= TimeSpan.Zero || wakeup.IsCompleted)
        {
            return;
        }

        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(wakeup, Task.Delay(left < LongestWait ? left : LongestWait, clock, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
