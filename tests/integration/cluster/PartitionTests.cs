using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Each pair of parts loses sight of each other for a while and finds back by itself, one pair after the other, while a collection runs.</summary>
public sealed class PartitionTests : ClusterTest
{
    private const int Videos = 4000;

    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(Servers.AllFaults ? 30 : 5);
    private static readonly TimeSpan LongestReturn = TimeSpan.FromSeconds(30);

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
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        var collection = SlowCollection.Begin(cluster, gate, Videos, Token);
        await collection.PagesAsync(1, Token);

        foreach (var (from, to) in Pairs)
        {
            await collection.AskedAsync(Token);
            var ways = from == "*" ? cluster.Links.To(to) : cluster.Links.Between(from, to);
            foreach (var way in ways)
            {
                way.Hold();
            }

            // An answer comes while they are apart.
            await collection.PagesAsync(1, Token);
            await Task.Delay(Apart, TimeProvider.System, Token);
            cluster.Links.Heal();
            var healed = TimeProvider.System.GetTimestamp();
            await collection.PagesUntilAsync(cluster.Sandbox.MorePagesAsync(1, LongestReturn, Token), Token);
            TestContext.Current.TestOutputHelper?.WriteLine($"{from} – {to}: next page {TimeProvider.System.GetElapsedTime(healed).TotalSeconds:F1} s after healing");
            collection.Sent.ShouldBeLessThan(expected.Requests, "the collection must still run while parts are cut off");
        }

        await collection.CompleteAsync(Token);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }
}
