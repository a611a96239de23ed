namespace IssueObservatory.Mesh.Defaults;

/// <summary>One run of a work per key at a time; whoever comes meanwhile gets the same result.</summary>
public sealed class SingleFlight<TKey, TResult>
    where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Task<TResult>> flights = [];

    /// <summary>Starts the work or joins the run on its way. Giving up waiting does not stop the run, since others may wait for it.</summary>
    public Task<TResult> RunAsync(TKey key, Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        Task<TResult>? flight;
        lock (gate)
        {
            if (!flights.TryGetValue(key, out flight))
            {
                flight = FlyAsync(key, work);
                flights.Add(key, flight);
            }
        }

        return flight.WaitAsync(cancellationToken);
    }

    private async Task<TResult> FlyAsync(TKey key, Func<Task<TResult>> work)
    {
        // Begins outside the lock, after the flight has been noted.
        await Task.Yield();
        try
        {
            return await work();
        }
        finally
        {
            lock (gate)
            {
                flights.Remove(key);
            }
        }
    }
}
