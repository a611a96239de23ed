using IssueObservatory.Mesh.Sandbox;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>How a cluster is set up.</summary>
internal sealed record ClusterOptions
{
    /// <summary>Processes of each service.</summary>
    public int Processes { get; init; } = 2;

    /// <summary>The Research API that it asks.</summary>
    public SandboxOptions Sandbox { get; init; } = new() { EmptyWorld = true };

    /// <summary>Whether Redis keeps what it has when it is killed.</summary>
    public bool RedisPersists { get; init; }

    /// <summary>Settings beside the usual ones, for every process, e.g. <c>QUOTA_DAILY_REQUESTS</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
