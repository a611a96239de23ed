using IssueObservatory.Mesh.Tests;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;

namespace IssueObservatory.Mesh.Contracts.MongoDriver;

/// <summary>What the driver makes of a server that fails: which exceptions a store must know, and what it may retry.</summary>
public sealed class MongoFaultTests(MongoTestServer server) : IClassFixture<MongoTestServer>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly IMongoCollection<BsonDocument> things = server.NewDatabase().GetCollection<BsonDocument>("things");

    [Fact]
    public async Task A_read_whose_connection_breaks_once_is_read_again()
    {
        await InsertAsync("a");
        await server.FailAsync("find", new BsonDocument("closeConnection", true));

        (await things.Find(new BsonDocument()).ToListAsync(None)).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("closeConnection", 0)]
    [InlineData("closeAfter", 1)]
    public async Task A_write_whose_connection_breaks_says_so_and_may_have_happened_or_not(string failure, int written)
    {
        await server.FailAsync("insert", new BsonDocument(failure, true));

        await Should.ThrowAsync<MongoConnectionException>(() => InsertAsync("a"));

        (await things.CountDocumentsAsync(new BsonDocument(), null, None)).ShouldBe(written);
    }

    [Fact]
    public async Task A_write_that_no_majority_kept_in_time_happened_and_says_so()
    {
        var refusal = new BsonDocument("writeConcernError", new BsonDocument { { "code", 64 }, { "codeName", "WriteConcernFailed" }, { "errmsg", "waiting for replication timed out" } });

        await server.FailAsync("insert", refusal);
        (await Should.ThrowAsync<MongoWriteException>(() => InsertAsync("a"))).WriteConcernError.Code.ShouldBe(64);
        await server.FailAsync("update", refusal);
        (await Should.ThrowAsync<MongoBulkWriteException<BsonDocument>>(() => things.BulkWriteAsync(
            [new ReplaceOneModel<BsonDocument>(new BsonDocument("_id", "b"), new BsonDocument("n", 1)) { IsUpsert = true }], null, None))).WriteConcernError.Code.ShouldBe(64);
        await server.FailAsync("findAndModify", refusal);
        await Should.ThrowAsync<MongoWriteConcernException>(() => things.FindOneAndUpdateAsync<BsonDocument>(new BsonDocument("_id", "a"), BsonDocument.Parse("{ $set: { n: 1 } }"), null, None));

        (await things.CountDocumentsAsync(new BsonDocument("n", 1), null, None)).ShouldBe(2);
    }

    [Theory]
    [InlineData(50, typeof(MongoExecutionTimeoutException))]
    [InlineData(10107, typeof(MongoNotPrimaryException))]
    [InlineData(11600, typeof(MongoNodeIsRecoveringException))]
    [InlineData(13, typeof(MongoCommandException))]
    public async Task A_refusal_has_an_exception_of_its_kind(int code, Type exception)
    {
        // Twice, because a read is tried again.
        await server.FailAsync("find", new BsonDocument("errorCode", code), times: 2);

        (await Should.ThrowAsync<MongoException>(() => things.Find(new BsonDocument()).ToListAsync(None))).ShouldBeOfType(exception);

        await server.HealAsync();
    }

    [Fact]
    public async Task A_fault_for_one_application_leaves_the_others_alone()
    {
        var settings = MongoClientSettings.FromConnectionString(server.ConnectionString);
        settings.ApplicationName = "other";
        using var client = new MongoClient(settings);
        await server.FailAsync("ping", new BsonDocument { { "errorCode", 2 }, { "appName", "other" } });

        await things.Database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), null, None);
        await Should.ThrowAsync<MongoCommandException>(() => client.GetDatabase("admin").RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), null, None));
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once_and_the_client_goes_on()
    {
        await server.FailAsync("find", new BsonDocument { { "blockConnection", true }, { "blockTimeMS", 60_000 } });
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Should.ThrowAsync<OperationCanceledException>(() => things.Find(new BsonDocument()).ToListAsync(patience.Token).WaitAsync(Soon));

        (await things.Find(new BsonDocument()).ToListAsync(None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_in_time_is_a_broken_connection()
    {
        var settings = MongoClientSettings.FromConnectionString(server.ConnectionString);
        settings.SocketTimeout = TimeSpan.FromMilliseconds(300);
        using var client = new MongoClient(settings);
        await server.FailAsync("insert", new BsonDocument { { "blockConnection", true }, { "blockTimeMS", 10_000 } });

        (await Should.ThrowAsync<MongoConnectionException>(() => client.GetDatabase(things.Database.DatabaseNamespace.DatabaseName).GetCollection<BsonDocument>("things")
            .InsertOneAsync(new BsonDocument(), null, None).WaitAsync(Soon))).InnerException.ShouldBeOfType<TimeoutException>();
    }

    [Fact]
    public async Task A_cursor_gives_every_document_once_over_several_batches()
    {
        await things.InsertManyAsync(Enumerable.Range(0, 1000).Select(id => new BsonDocument("_id", id)), null, None);

        using var cursor = await things.Find(new BsonDocument(), new FindOptions { BatchSize = 30 }).Sort(new BsonDocument("_id", 1)).ToCursorAsync(None);
        var (found, batches) = (new List<int>(), 0);
        while (await cursor.MoveNextAsync(None))
        {
            batches++;
            found.AddRange(cursor.Current.Select(thing => thing["_id"].AsInt32));
        }

        found.ShouldBe(Enumerable.Range(0, 1000));
        batches.ShouldBeGreaterThanOrEqualTo(34);
    }

    [Fact]
    public async Task A_cursor_that_the_server_lost_says_so()
    {
        await using var own = await MongoTestServer.StartAsync();
        var collection = own.NewDatabase().GetCollection<BsonDocument>("things");
        await collection.InsertManyAsync(Enumerable.Range(0, 100).Select(id => new BsonDocument("_id", id)), null, None);
        using var cursor = await collection.Find(new BsonDocument(), new FindOptions { BatchSize = 10 }).ToCursorAsync(None);
        await cursor.MoveNextAsync(None);

        await own.RestartAsync();

        // The first call may still meet the broken connection.
        await Should.ThrowAsync<MongoException>(() => DrainAsync(cursor));
        await own.FailAsync("getMore", new BsonDocument("errorCode", 43));
        using var second = await collection.Find(new BsonDocument(), new FindOptions { BatchSize = 10 }).ToCursorAsync(None);
        await Should.ThrowAsync<MongoCursorNotFoundException>(() => DrainAsync(second));
    }

    private static async Task DrainAsync(IAsyncCursor<BsonDocument> cursor)
    {
        while (await cursor.MoveNextAsync(None))
        {
        }
    }

    private Task InsertAsync(string id) => things.InsertOneAsync(new BsonDocument("_id", id), null, None);
}
