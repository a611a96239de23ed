using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Each pair of parts loses sight of each other for a while and finds back by itself, one pair after the other, while a collection runs.</summary>
public sealed class PartitionTests : ClusterTest
{
    private const int Videos = 3000;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(Servers.AllFaults ? 30 : 5);
    private static readonly TimeSpan LongestReturn = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Page = TimeSpan.FromSeconds(Servers.AllFaults ? 10 : 2);

    /// <summary>Who calls whom; <c>*</c>: everybody who uses that server.</summary>
    private static readonly (string From, string To)[] Pairs =
    [
        ("collector", "quota-governor"),
        ("collector", "token-broker"),
        ("collector", "normalizer"),
        ("normalizer", "collector"),
        ("refresh-scheduler", "collector"),
        ("*", "mongodb"),
        ("*", "redis"),
        ("*", "rabbitmq"),
    ];

    [Fact]
    public async Task Any_two_parts_that_lost_each_other_go_on_by_themselves_and_nothing_is_lost()
    {
        Assert.SkipUnless(Servers.AllFaults, "One of all faults.");
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var cluster = await StartAsync(new());
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        cluster.Sandbox.Slow(Page);
        using var arena = cluster.Caller(0);
        var collection = await arena.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token);
        await cluster.Sandbox.MorePagesAsync(1, RunningCluster.LongestStart, Token);

        foreach (var (from, to) in Pairs)
        {
            var ways = from == "*" ? cluster.Links.To(to) : cluster.Links.Between(from, to);
            foreach (var way in ways)
            {
                way.Hold();
            }

            await Task.Delay(Apart, TimeProvider.System, Token);
            cluster.Links.Heal();
            var healed = TimeProvider.System.GetTimestamp();
            cluster.Sandbox.Pages().ShouldBeLessThan(expected.Requests, "the collection must still run while parts are cut off");
            await cluster.Sandbox.MorePagesAsync(1, LongestReturn + Page, Token);
            TestContext.Current.TestOutputHelper?.WriteLine($"{from} – {to}: next page {TimeProvider.System.GetElapsedTime(healed).TotalSeconds:F1} s after healing");
        }

        cluster.Sandbox.Hurry();
        await EndedAsync(cluster, collection);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }

    private static async Task EndedAsync(RunningCluster cluster, string collection)
    {
        using var arena = cluster.Caller(1);
        await arena.UntilAsync(collection, status => status.State is V1.CollectionState.Complete, Token);
    }
}
