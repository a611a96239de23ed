namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Wakes those who watch in this process; others look again by themselves.</summary>
internal sealed class QuotaChanges
{
    private TaskCompletionSource next = New();

    /// <summary>Completes at the next change. Take it before reading, otherwise a change in between is missed.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    /// <summary>Something changed.</summary>
    public void Announce() => Interlocked.Exchange(ref next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
