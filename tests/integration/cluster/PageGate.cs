namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>The system's clock for a sandbox, but what waits on its timers, such as a delayed reply, waits until the test lets it go.</summary>
internal sealed class PageGate : TimeProvider
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly List<Waiting> held = [];
    private bool isOpen;

    private bool IsHolding
    {
        get
        {
            lock (gate)
            {
                return held.Count > 0;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var waiting = new Waiting(callback, state);
        lock (gate)
        {
            if (!isOpen)
            {
                held.Add(waiting);
                return waiting;
            }
        }

        // Not before whoever asked has its timer.
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits until something is held.</summary>
    /// <exception cref="TimeoutException">Nothing comes.</exception>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        for (var begun = System.GetTimestamp(); !IsHolding; await Task.Delay(Look, System, cancellationToken))
        {
            if (System.GetElapsedTime(begun) > RunningCluster.LongestStart)
            {
                throw new TimeoutException("No request came.");
            }
        }
    }

    /// <summary>Waits until something is held, and lets that go.</summary>
    /// <exception cref="TimeoutException">Nothing comes.</exception>
    public async Task PassAsync(CancellationToken cancellationToken)
    {
        do
        {
            await HoldAsync(cancellationToken);
        }
        while (!TryPass());
    }

    /// <summary>Lets what is held go, every two seconds, until this has happened.</summary>
    public async Task PassUntilAsync(Task happened, CancellationToken cancellationToken)
    {
        for (; !happened.IsCompleted; await Task.WhenAny(happened, Task.Delay(Between, System, cancellationToken)))
        {
            TryPass();
        }

        await happened;
    }

    /// <summary>Lets everything go, now and from now on.</summary>
    public void Open()
    {
        lock (gate)
        {
            isOpen = true;
        }

        TryPass();
    }

    /// <summary>Lets go what is held; false when nothing is.</summary>
    public bool TryPass()
    {
        List<Waiting> going;
        lock (gate)
        {
            going = [.. held];
            held.Clear();
        }

        going.ForEach(waiting => waiting.Fire());
        return going.Count > 0;
    }

    /// <summary>A timer that fires when it is told to, unless nobody waits for it any more.</summary>
    private sealed class Waiting(TimerCallback callback, object? state) : ITimer
    {
        private int isDone;

        public void Fire()
        {
            if (Interlocked.Exchange(ref isDone, 1) == 0)
            {
                callback(state);
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => Volatile.Read(ref isDone) == 0;

        public void Dispose() => Interlocked.Exchange(ref isDone, 1);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
