using System.Globalization;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>The batch compliance tasks: what was uploaded, and when the answer is there.</summary>
internal sealed class ComplianceTasks
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PerId = TimeSpan.FromMilliseconds(12);

    private readonly Dictionary<long, ComplianceTask> tasks = [];

    public ComplianceTask Open(IReadOnlyList<long> ids, bool comments, DateTimeOffset now)
    {
        var task = new ComplianceTask(7_500_000_000_000_000_001 + tasks.Count, ids, comments, now + Least + (PerId * ids.Count));
        tasks[task.Id] = task;
        return task;
    }

    public ComplianceTask? Find(long id) => tasks.GetValueOrDefault(id);
}

/// <summary>One task; it is processed until <see cref="DoneAt"/>.</summary>
internal sealed record ComplianceTask(long Id, IReadOnlyList<long> Ids, bool Comments, DateTimeOffset DoneAt)
{
    /// <summary>Those of the ids that are still valid, one a line; what is missing must be deleted.</summary>
    public string Answer(SandboxWorld world, DateTimeOffset now) => string.Concat(Ids
        .Where(id => Comments ? world.IsCommentThere(id) : world.FindVideo(id) is { } video && world.IsShown(video, now))
        .Select(id => string.Create(CultureInfo.InvariantCulture, $"{id}\n")));
}
