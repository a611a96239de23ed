using IssueObservatory.Mesh.Tests;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;

namespace IssueObservatory.Mesh.Contracts.MongoDriver;

/// <summary>Values come back as they went, in their order and of their kind; also through an update, and through the journal.</summary>
public sealed class MongoValueTests(MongoTestServer server) : IClassFixture<MongoTestServer>
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly Guid SomeGuid = new("00112233-4455-6677-8899-aabbccddeeff");

    private static readonly BsonDocument Everything = new()
    {
        { "_id", "everything" },
        { "z before a", true },
        { "int", int.MinValue },
        { "small long", 7L },
        { "long", long.MaxValue },
        { "double", 0.1 },
        { "whole double", 3.0 },
        { "decimal", new BsonDecimal128(12.50m) },
        { "null", BsonNull.Value },
        { "empty", "" },
        { "text", "æøå ẞ 日本 \U0001F980 \u0000 end" },
        { "date", new DateTime(2026, 2, 28, 23, 59, 59, 999, DateTimeKind.Utc) },
        { "early", new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc) },
        { "object id", new ObjectId("0123456789abcdef01234567") },
        { "binary", new byte[] { 0, 255, 1 } },
        { "guid", new BsonBinaryData(SomeGuid, GuidRepresentation.Standard) },
        { "array", new BsonArray { 1, "two", new BsonArray(), new BsonDocument() } },
        { "nested", new BsonDocument { { "b", 1 }, { "a", new BsonDocument("deeper", BsonNull.Value) } } },
    };

    private readonly IMongoCollection<BsonDocument> values = server.NewDatabase().GetCollection<BsonDocument>("values");

    [Fact]
    public async Task Every_kind_of_value_survives_the_way_there_and_back()
    {
        await values.InsertOneAsync(Everything, null, None);

        (await StoredAsync()).ToBson().ShouldBe(Everything.ToBson());
    }

    [Fact]
    public async Task Every_kind_of_value_survives_an_update()
    {
        await values.InsertOneAsync(new BsonDocument("_id", "everything"), null, None);

        await values.UpdateOneAsync(new BsonDocument("_id", "everything"), new BsonDocument("$set", new BsonDocument("all", Everything)), null, None);
        await values.UpdateOneAsync(new BsonDocument("_id", "everything"), new BsonDocument("$set", new BsonDocument("other", 1)), null, None);

        (await StoredAsync())["all"].AsBsonDocument.ToBson().ShouldBe(Everything.ToBson());
    }

    [Fact]
    public async Task Every_kind_of_value_survives_a_kill()
    {
        await using var own = await MongoTestServer.StartAsync();
        var collection = own.NewDatabase().GetCollection<BsonDocument>("values");
        await collection.InsertOneAsync(Everything, null, None);

        await own.RestartAsync();

        (await collection.Find(new BsonDocument()).SingleAsync(None)).ToBson().ShouldBe(Everything.ToBson());
    }

    [Fact]
    public async Task A_document_of_15_MB_survives()
    {
        var body = new byte[15 << 20];
        new Random(1).NextBytes(body);
        await values.InsertOneAsync(new BsonDocument { { "_id", "everything" }, { "body", body } }, null, None);

        (await StoredAsync())["body"].AsByteArray.AsSpan().SequenceEqual(body).ShouldBeTrue();
    }

    [Theory]
    [InlineData("'text'")]
    [InlineData("17")]
    [InlineData("NumberLong(17)")]
    [InlineData("{ lab: 'x', seq: NumberLong(1) }")]
    [InlineData("ObjectId('0123456789abcdef01234567')")]
    [InlineData("ISODate('2026-01-01T00:00:00Z')")]
    public async Task Ids_of_many_kinds_are_found_and_unique(string json)
    {
        var id = BsonDocument.Parse($"{{ id: {json} }}")["id"];
        await values.InsertOneAsync(new BsonDocument("_id", id), null, None);

        (await values.Find(new BsonDocument("_id", id)).SingleAsync(None))["_id"].ShouldBe(id);
        await Should.ThrowAsync<MongoWriteException>(() => values.InsertOneAsync(new BsonDocument("_id", id), null, None));
    }

    private Task<BsonDocument> StoredAsync() => values.Find(new BsonDocument("_id", "everything")).SingleAsync(None);
}
