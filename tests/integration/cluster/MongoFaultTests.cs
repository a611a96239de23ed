using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Tests;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>A MongoDB that dies, does not answer, takes too long and cannot be reached while a collection runs: no record is lost or doubled, and no unit is spent for nothing.</summary>
public sealed class MongoFaultTests : ClusterTest
{
    private const int Videos = 1_200;
    private const int CursorNotFound = 43;

    private static readonly BsonDocument LostAnswer = new("closeAfter", true);
    private static readonly BsonDocument WriteTimeout = new("writeConcernError", new BsonDocument { ["code"] = 64, ["codeName"] = "WriteConcernTimeout", ["errmsg"] = "waiting for replication timed out" });

    private static TimeSpan Away => TimeSpan.FromSeconds(Servers.AllFaults ? 20 : 5);

    /// <summary>Where a process that makes a change of several documents dies, and MongoDB with it.</summary>
    public static TheoryData<string, string> Deaths => Servers.AllFaults
        ? new(
            from service in new[] { "normalizer", "collector", "refresh-scheduler" }
            from point in new[] { FailpointNames.StoreBeforeCommit, FailpointNames.StoreAfterCommit, FailpointNames.StoreHalfApplied, FailpointNames.StoreBeforeClear }
            select (service, point))
        : new() { { "normalizer", FailpointNames.StoreHalfApplied } };

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_MongoDB_that_dies_with_a_change_half_done_fails_and_goes_away_loses_nothing(string service, string point)
    {
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        var collection = SlowCollection.Begin(cluster, gate, Videos, Token);
        await collection.PagesAsync(1, Token);

        await cluster.DieAsync(collection, service, $"{point}=kill@1", Token);
        await cluster.MongoDbServer.RestartAsync();
        await cluster.ReviveAsync(service, Token);

        await FailOnceInAWhileAsync(cluster.MongoDbServer);
        await collection.PagesAsync(2, Token);
        await cluster.MongoDbServer.HealAsync();

        await CheckThatNothingIsSentWhileAwayAsync(cluster, collection);

        await collection.CompleteAsync(Token);
        await cluster.ReadyAsync(Token);
        await CheckThatALostCursorIsNoticedByNobodyAsync(cluster);
        await EventInvariants.CheckAsync(cluster, expected.Records.Count, Token);

        // A collector that dies may have had a request on its way.
        var cost = service == "collector" ? 1 : 0;
        await ClusterInvariants.CheckAsync(cluster, expected with { Repeated = cost, Leaked = cost }, Token);
    }

    /// <summary>Grants, pages, records, whatever comes next: written and not answered, or answered with a write concern that was not met in time.</summary>
    private static async Task FailOnceInAWhileAsync(MongoTestServer mongoDb)
    {
        foreach (var command in (string[])["findAndModify", "update", "insert"])
        {
            await mongoDb.FailAsync(command, LostAnswer, times: 2);
            await mongoDb.FailAsync(command, WriteTimeout, times: 2);
        }
    }

    private static async Task CheckThatNothingIsSentWhileAwayAsync(RunningCluster cluster, SlowCollection collection)
    {
        foreach (var way in cluster.Links.To("mongodb"))
        {
            way.Refuse();
        }

        // The answer that was on its way comes while it cannot be kept, and no other request follows.
        await cluster.Processes.MissAsync("MongoDB", Token);
        var sent = collection.Sent;
        collection.Hurry();
        await Task.Delay(Away, TimeProvider.System, Token);
        collection.Sent.ShouldBe(sent);
        cluster.Links.Heal();
    }

    private static async Task CheckThatALostCursorIsNoticedByNobodyAsync(RunningCluster cluster)
    {
        await cluster.MongoDbServer.FailAsync("getMore", new BsonDocument("errorCode", CursorNotFound));
        var file = cluster.PathOf("lost-cursor.ndjson");
        var exported = await cluster.MeshAsync(0, Token, "export", "--format", "ndjson", "--out", file);
        exported.ExitCode.ShouldBe(0, exported.Errors);
        ExportedRecords.Read(await File.ReadAllLinesAsync(file, Token)).Count.ShouldBe(Videos);

        // One that nobody lost would be left for this one.
        var records = cluster.MongoDbServer.Client.GetDatabase(MongoRecordSchema.Database.Database).GetCollection<BsonDocument>(MongoRecordSchema.Records);
        (await records.Find(new BsonDocument()).ToListAsync(Token)).Count.ShouldBe(Videos);
    }
}
