using IssueObservatory.Mesh.Integration.Hosts;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Deaths at a place that the test chooses: the process that is to die is alone at its service's work, so that it comes by.</summary>
internal static class LonelyDeaths
{
    private const int EndedByKill = 137;

    private static readonly TimeSpan LongestWayToAPlace = TimeSpan.FromSeconds(60);

    /// <summary>Lets the second process of a service die at a failpoint, while the collection runs; no process of that service runs afterwards.</summary>
    public static async Task DieAsync(this RunningCluster cluster, SlowCollection collection, string service, string failpoint, CancellationToken cancellationToken)
    {
        var (victim, other) = (cluster.Process(service, 1), cluster.Process(service, 0));
        await victim.StartWithAsync(failpoint);
        await victim.ReadyOrEndedAsync(cancellationToken);
        (await other.StopAsync()).ShouldBe(0, other.Log);

        var exit = victim.ExitAsync(LongestWayToAPlace);
        await collection.PagesUntilAsync(exit, cancellationToken);
        (await exit).ShouldBe(EndedByKill, $"{failpoint} in {service}");
    }

    /// <summary>Starts both processes of a service again.</summary>
    public static async Task ReviveAsync(this RunningCluster cluster, string service, CancellationToken cancellationToken)
    {
        cluster.Process(service, 0).Start();
        await cluster.Process(service, 1).StartAgainAsync(failpoint: "", cancellationToken);
        await cluster.Process(service, 0).ReadyAsync(RunningCluster.LongestStart, cancellationToken);
    }
}
