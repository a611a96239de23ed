using IssueObservatory.Mesh.Sandbox;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>A Research API that takes its time, so that a test can do several things while a collection runs.</summary>
internal static class SlowPages
{
    private const int More = 1000;

    /// <summary>Every page from now on takes this long.</summary>
    public static void Slow(this SandboxServer sandbox, TimeSpan page) =>
        sandbox.Script.Enqueue(SandboxMatch.VideoQuery, [.. Enumerable.Repeat(SandboxReply.DelayThenNormal(page), More)]);

    /// <summary>Pages come at once again.</summary>
    public static void Hurry(this SandboxServer sandbox) => sandbox.Script.Clear();

    /// <summary>Video queries so far.</summary>
    public static int Pages(this SandboxServer sandbox) => sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count;

    /// <summary>Waits until so many more were asked for.</summary>
    /// <exception cref="TimeoutException">They were not in time.</exception>
    public static async Task MorePagesAsync(this SandboxServer sandbox, int more, TimeSpan limit, CancellationToken cancellationToken)
    {
        var wanted = sandbox.Pages() + more;
        await sandbox.Log.WaitUntilAsync(log => log.Count(request => request.Endpoint is SandboxEndpoint.VideoQuery) >= wanted, cancellationToken).WaitAsync(limit, TimeProvider.System, cancellationToken);
    }
}
