using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>A collection whose pages come one by one, when the test lets them, so that a test can disturb the cluster between and within them.</summary>
internal sealed class SlowCollection
{
    private readonly RunningCluster cluster;
    private readonly PageGate gate;
    private readonly Task<ProgramResult> watching;

    private SlowCollection(RunningCluster cluster, PageGate gate, Task<ProgramResult> watching)
    {
        this.cluster = cluster;
        this.gate = gate;
        this.watching = watching;
    }

    /// <summary>Video queries that the Research API has had.</summary>
    public int Sent => cluster.Sandbox.Pages();

    private static string[] Collect => ["collect", "terms", "#dkpol", "--region", "DK", "--from", "2026-01-01", "--to", "2026-01-31", "--json"];

    /// <summary>A cluster whose collectors wait for pages as long as the test holds them.</summary>
    public static ClusterOptions Cluster(PageGate gate) => new()
    {
        Sandbox = new() { EmptyWorld = true, Time = gate },
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["RESEARCH_API_FIRST_BYTE_SECONDS"] = "250" },
    };

    /// <summary>Begins it; the cluster's sandbox holds nothing else.</summary>
    public static SlowCollection Begin(RunningCluster cluster, PageGate gate, int videos, CancellationToken cancellationToken)
    {
        EmbeddedRun.Fill(cluster.Sandbox, videos);
        cluster.Sandbox.Slow(TimeSpan.FromSeconds(1));
        return new(cluster, gate, cluster.MeshAsync(0, cancellationToken, Collect));
    }

    /// <summary>Has so many further pages answered, each as soon as it is asked for.</summary>
    /// <exception cref="TimeoutException">One is not asked for.</exception>
    public async Task PagesAsync(int more, CancellationToken cancellationToken)
    {
        for (var page = 0; page < more; page++)
        {
            await gate.PassAsync(cancellationToken);
        }
    }

    /// <summary>Waits until the next page is asked for, and holds it: those before it are kept.</summary>
    /// <exception cref="TimeoutException">None is asked for.</exception>
    public Task AskedAsync(CancellationToken cancellationToken) => gate.HoldAsync(cancellationToken);

    /// <summary>Has pages answered, about one a second, until this has happened.</summary>
    public Task PagesUntilAsync(Task happened, CancellationToken cancellationToken) => gate.PassUntilAsync(happened, cancellationToken);

    /// <summary>From now on every page is answered at once.</summary>
    public void Hurry() => gate.Open();

    /// <summary>Waits until it is complete. The command that began it may have given up meanwhile; then the same command goes on with it.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        Hurry();
        await watching;
        var collected = await cluster.MeshAsync(0, cancellationToken, Collect);
        collected.ExitCode.ShouldBe(0, collected.Errors);
    }
}
