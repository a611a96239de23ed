using System.Collections.Concurrent;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Which collections and refreshes this process may spend units on. A host that only looks at a data folder wakes none of what an earlier
/// process left; Submit and Resume wake what they name.
/// </summary>
internal sealed class AwakeWork(CollectorOptions options)
{
    private readonly ConcurrentDictionary<string, bool> awake = new(StringComparer.Ordinal);

    /// <summary>Null: everything.</summary>
    public IReadOnlyCollection<string>? Ids => options.ResumeUnfinished ? null : [.. awake.Keys];

    /// <summary>Where everything is awake nothing is kept: such a process lives for months.</summary>
    public void Wake(string id)
    {
        if (!options.ResumeUnfinished)
        {
            awake[id] = true;
        }
    }

    public bool IsAwake(string id) => options.ResumeUnfinished || awake.ContainsKey(id);
}
