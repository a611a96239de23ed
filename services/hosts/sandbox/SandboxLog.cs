namespace IssueObservatory.Mesh.Sandbox;

/// <summary>Every request in the order of arrival; an entry is there before the client has its reply. Safe for several threads.</summary>
public sealed class SandboxLog
{
    private readonly Lock gate = new();
    private readonly List<SandboxRequest> requests = [];
    private TaskCompletionSource changed = NewSignal();

    /// <summary>A copy of all entries.</summary>
    public IReadOnlyList<SandboxRequest> All
    {
        get
        {
            lock (gate)
            {
                return [.. requests];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (gate)
            {
                return requests.Count;
            }
        }
    }

    /// <summary>The entries of one endpoint.</summary>
    public IReadOnlyList<SandboxRequest> Of(SandboxEndpoint endpoint) => [.. All.Where(request => request.Endpoint == endpoint)];

    /// <summary>Counted requests of a UTC day; of all client keys if none is named. Both buckets.</summary>
    public int CountedOn(DateOnly day, string? clientKey = null) => All.Count(request =>
        request.Counted && DateOnly.FromDateTime(request.At.UtcDateTime) == day && (clientKey is null || request.ClientKey == clientKey));

    /// <summary>Waits until <paramref name="condition"/> holds for all entries so far.</summary>
    public async Task WaitUntilAsync(Func<IReadOnlyList<SandboxRequest>, bool> condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        while (true)
        {
            Task next;
            lock (gate)
            {
                next = changed.Task;
            }

            if (condition(All))
            {
                return;
            }

            await next.WaitAsync(cancellationToken);
        }
    }

    internal void Add(SandboxRequest request)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            requests.Add(request);
            signal = changed;
            changed = NewSignal();
        }

        signal.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
