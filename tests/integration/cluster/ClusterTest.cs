namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>A test with a cluster, one after the other, for each has ten processes and three servers: what its processes wrote last goes to the test's output when the test fails, and all of it ends with the test.</summary>
[Collection("cluster")]
public abstract class ClusterTest : IAsyncDisposable
{
    private const int LinesOfEach = 30;

    private readonly List<RunningCluster> clusters = [];

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in clusters)
        {
            if (TestContext.Current.TestState?.Result is TestResult.Failed)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(cluster.LastLines(LinesOfEach));
            }

            await cluster.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected async Task<RunningCluster> StartAsync(ClusterOptions options)
    {
        var cluster = await RunningCluster.StartAsync(options, Token);
        clusters.Add(cluster);
        return cluster;
    }
}
