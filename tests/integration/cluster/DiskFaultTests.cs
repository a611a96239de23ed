using MongoDB.Bson;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Servers without room on their disks while a collection runs: what is paid for is kept, and nothing is paid for that could not be kept.</summary>
public sealed class DiskFaultTests : ClusterTest
{
    private const int Videos = 1_200;
    private const int NoSpace = 14031;
    private const int ForEver = int.MaxValue;

    // No disk has as much free.
    private const string MoreThanThereIs = "1000000000000000";

    private static readonly string[] Writes = ["insert", "update", "findAndModify"];

    private static readonly TimeSpan Full = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_broker_and_a_MongoDB_without_room_cost_neither_a_page_nor_a_unit()
    {
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        var collection = SlowCollection.Begin(cluster, gate, Videos, Token);

        // The broker takes no event any more: pages are kept, and announced later.
        await collection.PagesAsync(1, Token);
        await cluster.RabbitMqServer.ControlAsync("set_disk_free_limit", MoreThanThereIs);
        await collection.PagesAsync(3, Token);
        await cluster.RabbitMqServer.ControlAsync("set_disk_free_limit", "50MB");

        // Raw pages find no room, though smaller things still do: the page in hand waits for room, and nothing follows it.
        await collection.PagesAsync(1, Token);
        await collection.AskedAsync(Token);
        await FailAsync(cluster, "insert");
        await collection.PagesAsync(1, Token);
        var sent = collection.Sent;
        collection.Hurry();
        await Task.Delay(Full, TimeProvider.System, Token);
        collection.Sent.ShouldBe(sent);

        // Nothing finds room.
        await Task.WhenAll(Writes.Select(write => FailAsync(cluster, write)));
        await cluster.Of("collector").MissAsync("no room", Token);
        await Task.Delay(Full, TimeProvider.System, Token);
        collection.Sent.ShouldBe(sent);
        await cluster.MongoDbServer.HealAsync();

        await collection.CompleteAsync(Token);
        await cluster.ReadyAsync(Token);
        await EventInvariants.CheckAsync(cluster, expected.Records.Count, Token);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }

    private static Task FailAsync(RunningCluster cluster, string command) =>
        cluster.MongoDbServer.FailAsync(command, new BsonDocument("errorCode", NoSpace), ForEver);
}
