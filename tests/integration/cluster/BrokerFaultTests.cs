using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>A broker that dies, goes away, loses a queue and breaks connections while a collection runs: no event is lost, and pages are kept meanwhile.</summary>
public sealed class BrokerFaultTests : ClusterTest
{
    private const int Videos = 1_200;

    private static readonly TimeSpan LongAway = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenCuts = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_broker_that_is_killed_and_comes_back_has_lost_nothing_and_pages_are_kept_meanwhile()
    {
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        var collection = SlowCollection.Begin(cluster, gate, Videos, Token);

        await collection.PagesAsync(3, Token);
        await cluster.RabbitMqServer.KillAsync();
        await collection.PagesAsync(3, Token);
        await cluster.Of("collector").Concat(cluster.Of("normalizer")).MissAsync("RabbitMQ", Token);
        await cluster.RabbitMqServer.RestartAsync();

        await CheckAsync(cluster, collection, expected);
    }

    [Fact]
    public async Task A_broker_that_is_away_for_long_loses_a_queue_and_breaks_connections_has_lost_nothing()
    {
        Assert.SkipUnless(Servers.AllFaults, "One of all faults.");
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        var collection = SlowCollection.Begin(cluster, gate, Videos, Token);
        var ways = cluster.Links.To("rabbitmq");

        await collection.PagesAsync(2, Token);
        Each(ways, way => way.Refuse());
        await collection.PagesAsync(2, Token);
        await Task.Delay(LongAway, TimeProvider.System, Token);
        cluster.Links.Heal();
        await cluster.ReadyAsync(Token);

        await collection.PagesAsync(1, Token);
        await using (var events = await ClusterEvents.OpenAsync(cluster))
        {
            await events.DeleteAsync("normalizer-page-stored");
        }

        await collection.PagesAsync(1, Token);
        for (var cut = 0; cut < LongAway / BetweenCuts; cut++)
        {
            Each(ways, way => way.Cut());
            await Task.Delay(BetweenCuts, TimeProvider.System, Token);
        }

        Each(ways, way => way.HalfClose());
        await CheckAsync(cluster, collection, expected);
    }

    private static async Task CheckAsync(RunningCluster cluster, SlowCollection collection, ClusterExpectation expected)
    {
        await collection.CompleteAsync(Token);
        await cluster.ReadyAsync(Token);
        await EventInvariants.CheckAsync(cluster, expected.Records.Count, Token);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }

    private static void Each(IReadOnlyList<TcpProxy> ways, Action<TcpProxy> disturb)
    {
        foreach (var way in ways)
        {
            disturb(way);
        }
    }
}
