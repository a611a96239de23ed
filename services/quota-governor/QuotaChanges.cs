using System.Collections.Concurrent;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Wakes those who watch in this process; others look again by themselves.</summary>
internal sealed class QuotaChanges
{
    private readonly ConcurrentDictionary<string, bool> labs = new(StringComparer.Ordinal);
    private TaskCompletionSource next = New();

    /// <summary>Completes at the next change. Take it before reading, otherwise a change in between is missed.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    /// <summary>Labs in which this process has changed something.</summary>
    public IEnumerable<string> Labs => labs.Keys;

    /// <summary>Something changed.</summary>
    public void Announce(string labId)
    {
        labs.TryAdd(labId, true);
        Interlocked.Exchange(ref next, New()).SetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
