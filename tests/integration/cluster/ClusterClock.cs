using System.Globalization;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>One clock for a cluster's processes and its sandbox, which can be set. What only runs forward, such as timers, runs as ever.</summary>
internal sealed class ClusterClock : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ClusterClock(DateTimeOffset start)
    {
        Time = new(start);
        MoveTo(start);
    }

    /// <summary>For the sandbox.</summary>
    public MovedTime Time { get; }

    /// <summary>For every process.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>(StringComparer.Ordinal) { ["MESH_CLOCK_OFFSET_FILE"] = folder.PathOf("offset") };

    public void MoveTo(DateTimeOffset time)
    {
        Time.MoveTo(time);

        // Whole or not at all: somebody is always looking.
        File.WriteAllText(folder.PathOf("next"), (time - TimeProvider.System.GetUtcNow()).TotalSeconds.ToString("F3", CultureInfo.InvariantCulture));
        File.Move(folder.PathOf("next"), folder.PathOf("offset"), overwrite: true);
    }

    public void Dispose() => folder.Dispose();
}
