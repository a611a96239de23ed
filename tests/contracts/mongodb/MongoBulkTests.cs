using IssueObservatory.Mesh.Tests;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;

namespace IssueObservatory.Mesh.Contracts.MongoDriver;

/// <summary>Batches of writes, and who wins where several write the same document.</summary>
public sealed class MongoBulkTests(MongoTestServer server) : IClassFixture<MongoTestServer>
{
    private const int DuplicateKey = 11000;
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly BulkWriteOptions Unordered = new() { IsOrdered = false };

    private readonly IMongoCollection<BsonDocument> records = server.NewDatabase().GetCollection<BsonDocument>("records");

    [Fact]
    public async Task A_batch_of_every_kind_counts_what_it_did()
    {
        await records.InsertManyAsync("abc".Select(id => new BsonDocument { { "_id", $"{id}" }, { "lab", "x" } }), null, None);

        var result = await records.BulkWriteAsync(
            [
                new InsertOneModel<BsonDocument>(new BsonDocument("_id", "d")),
                new ReplaceOneModel<BsonDocument>(new BsonDocument("_id", "a"), new BsonDocument("n", 1)),
                new ReplaceOneModel<BsonDocument>(new BsonDocument("_id", "e"), new BsonDocument("n", 1)) { IsUpsert = true },
                new UpdateOneModel<BsonDocument>(new BsonDocument("_id", "b"), new BsonDocument("$set", new BsonDocument("n", 2))),
                new DeleteOneModel<BsonDocument>(new BsonDocument("_id", "c")),
                new DeleteManyModel<BsonDocument>(new BsonDocument("n", 1)),
            ],
            new BulkWriteOptions(),
            None);

        (result.InsertedCount, result.MatchedCount, result.ModifiedCount, result.DeletedCount).ShouldBe((1, 2, 2, 3));
        var upsert = result.Upserts.ShouldHaveSingleItem();
        (upsert.Index, upsert.Id).ShouldBe((2, "e"));
        (await IdsAsync()).ShouldBe("bd");
    }

    [Fact]
    public async Task An_unordered_batch_goes_on_and_names_every_failure()
    {
        await records.InsertManyAsync("bd".Select(id => new BsonDocument("_id", $"{id}")), null, None);

        var failure = await Should.ThrowAsync<MongoBulkWriteException<BsonDocument>>(() => records.BulkWriteAsync("abcde".Select(Insert), Unordered, None));

        failure.WriteErrors.Select(error => (error.Index, error.Code, error.Category)).ShouldBe([(1, DuplicateKey, ServerErrorCategory.DuplicateKey), (3, DuplicateKey, ServerErrorCategory.DuplicateKey)]);
        failure.Result.InsertedCount.ShouldBe(3);
        (await IdsAsync()).ShouldBe("abcde");
    }

    [Fact]
    public async Task An_ordered_batch_ends_with_its_first_failure()
    {
        await records.InsertOneAsync(new BsonDocument("_id", "b"), null, None);

        var failure = await Should.ThrowAsync<MongoBulkWriteException<BsonDocument>>(() => records.BulkWriteAsync("abc".Select(Insert), new BulkWriteOptions(), None));

        failure.WriteErrors.ShouldHaveSingleItem().Index.ShouldBe(1);
        failure.UnprocessedRequests.Count.ShouldBe(1);
        (await IdsAsync()).ShouldBe("ab");
    }

    [Fact]
    public async Task A_batch_larger_than_one_message_arrives_whole()
    {
        // Four times 15 MB do not fit the 48 MB of one message.
        var result = await records.BulkWriteAsync("abcd".Select(id => new InsertOneModel<BsonDocument>(new BsonDocument { { "_id", $"{id}" }, { "body", new byte[15 << 20] } })), Unordered, None);

        result.InsertedCount.ShouldBe(4);
        (await records.CountDocumentsAsync(new BsonDocument(), null, None)).ShouldBe(4);
    }

    [Fact]
    public async Task A_conditional_upsert_that_comes_late_is_a_duplicate_key_and_changes_nothing()
    {
        await records.BulkWriteAsync([PutIfOlder("a", 5)], Unordered, None);

        var failure = await Should.ThrowAsync<MongoBulkWriteException<BsonDocument>>(
            () => records.BulkWriteAsync([PutIfOlder("a", 4), PutIfOlder("b", 4), PutIfOlder("a", 6)], Unordered, None));

        failure.WriteErrors.ShouldHaveSingleItem().Code.ShouldBe(DuplicateKey);
        (await records.Find(new BsonDocument()).Sort(new BsonDocument("_id", 1)).ToListAsync(None))
            .ShouldBe([new BsonDocument { { "_id", "a" }, { "v", 6 } }, new BsonDocument { { "_id", "b" }, { "v", 4 } }]);
    }

    [Fact]
    public async Task Of_many_conditional_updates_of_one_version_exactly_one_wins()
    {
        await records.InsertOneAsync(new BsonDocument { { "_id", "ledger" }, { "version", 0 } }, null, None);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(writer => records.FindOneAndUpdateAsync<BsonDocument>(
            new BsonDocument { { "_id", "ledger" }, { "version", 0 } },
            new BsonDocument("$set", new BsonDocument { { "version", 1 }, { "writer", writer } }),
            new FindOneAndUpdateOptions<BsonDocument> { ReturnDocument = ReturnDocument.After },
            None)));

        var won = answers.Where(answer => answer is not null).ShouldHaveSingleItem();
        (await records.Find(new BsonDocument()).SingleAsync(None)).ShouldBe(won);
    }

    [Fact]
    public async Task Of_many_upserts_that_find_nothing_one_inserts_and_the_others_are_told_of_a_duplicate()
    {
        await records.InsertOneAsync(new BsonDocument { { "_id", "lease" }, { "until", 9 } }, null, None);

        var failure = await Should.ThrowAsync<MongoCommandException>(() => records.FindOneAndUpdateAsync<BsonDocument>(
            BsonDocument.Parse("{ _id: 'lease', until: { $lt: 5 } }"),
            BsonDocument.Parse("{ $set: { until: 12 } }"),
            new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true },
            None));

        failure.Code.ShouldBe(DuplicateKey);
        (await records.Find(new BsonDocument()).SingleAsync(None))["until"].ShouldBe(9);
    }

    [Fact]
    public async Task Increments_from_everywhere_are_all_counted()
    {
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => records.UpdateOneAsync(
            new BsonDocument("_id", "count"), new BsonDocument("$inc", new BsonDocument("n", 1L)), new UpdateOptions { IsUpsert = true }, None)));

        (await records.Find(new BsonDocument()).SingleAsync(None))["n"].ShouldBe(100L);
    }

    private static InsertOneModel<BsonDocument> Insert(char id) => new(new BsonDocument("_id", $"{id}"));

    private static ReplaceOneModel<BsonDocument> PutIfOlder(string id, int version) =>
        new(new BsonDocument { { "_id", id }, { "v", new BsonDocument("$lt", version) } }, new BsonDocument { { "_id", id }, { "v", version } }) { IsUpsert = true };

    private async Task<string> IdsAsync() =>
        string.Concat((await records.Find(new BsonDocument()).Sort(new BsonDocument("_id", 1)).ToListAsync(None)).Select(record => record["_id"].AsString));
}
