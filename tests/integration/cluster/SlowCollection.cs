using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>A collection whose pages come slowly, so that a test can disturb the cluster between any two of them.</summary>
internal sealed class SlowCollection
{
    private const int MostRequests = 500;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1.5);

    private readonly RunningCluster cluster;
    private readonly Task<ProgramResult> watching;

    private SlowCollection(RunningCluster cluster, Task<ProgramResult> watching)
    {
        this.cluster = cluster;
        this.watching = watching;
    }

    /// <summary>Video queries that the Research API has answered.</summary>
    public int Sent => cluster.Sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count;

    private static string[] Collect => ["collect", "terms", "#dkpol", "--region", "DK", "--from", "2026-01-01", "--to", "2026-01-31", "--json"];

    /// <summary>Begins it; the cluster's sandbox holds nothing else.</summary>
    public static SlowCollection Begin(RunningCluster cluster, int videos, CancellationToken cancellationToken)
    {
        EmbeddedRun.Fill(cluster.Sandbox, videos);
        cluster.Sandbox.Script.Enqueue(SandboxMatch.VideoQuery, [.. Enumerable.Repeat(SandboxReply.DelayThenNormal(Pace), MostRequests)]);
        return new(cluster, cluster.MeshAsync(0, cancellationToken, Collect));
    }

    /// <summary>Waits until so many further pages have been answered.</summary>
    /// <exception cref="TimeoutException">They do not come.</exception>
    public Task PagesAsync(int more, CancellationToken cancellationToken)
    {
        var enough = Sent + more;
        return cluster.Sandbox.Log
            .WaitUntilAsync(log => log.Count(request => request.Endpoint is SandboxEndpoint.VideoQuery) >= enough, cancellationToken)
            .WaitAsync(RunningCluster.LongestStart, TimeProvider.System, cancellationToken);
    }

    /// <summary>Waits until it is complete. The command that began it may have given up meanwhile; then the same command goes on with it.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await watching;
        var collected = await cluster.MeshAsync(0, cancellationToken, Collect);
        collected.ExitCode.ShouldBe(0, collected.Errors);
    }
}
