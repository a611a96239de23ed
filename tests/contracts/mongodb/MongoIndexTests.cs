using IssueObservatory.Mesh.Tests;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;

namespace IssueObservatory.Mesh.Contracts.MongoDriver;

/// <summary>Indexes: what they refuse, and that they never change an answer.</summary>
public sealed class MongoIndexTests(MongoTestServer server) : IClassFixture<MongoTestServer>
{
    private const int Seed = 20260101;
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly IMongoDatabase database = server.NewDatabase();

    [Fact]
    public async Task A_unique_index_refuses_the_second_document_with_its_key()
    {
        var pages = await IndexedAsync(new BsonDocument { { "lab", 1 }, { "seq", 1 } }, new() { Unique = true, Name = "lab_seq" });
        await pages.InsertOneAsync(BsonDocument.Parse("{ _id: 1, lab: 'x', seq: 1 }"), null, None);
        await pages.InsertOneAsync(BsonDocument.Parse("{ _id: 2, lab: 'x', seq: 2 }"), null, None);

        (await Should.ThrowAsync<MongoWriteException>(() => pages.InsertOneAsync(BsonDocument.Parse("{ _id: 3, lab: 'x', seq: 1 }"), null, None)))
            .WriteError.Category.ShouldBe(ServerErrorCategory.DuplicateKey);
        (await Should.ThrowAsync<MongoWriteException>(() => pages.UpdateOneAsync(new BsonDocument("_id", 2), BsonDocument.Parse("{ $set: { seq: 1, other: true } }"), null, None)))
            .WriteError.Message.ShouldContain("lab_seq");

        (await pages.Find(new BsonDocument("_id", 2)).SingleAsync(None)).ShouldBe(BsonDocument.Parse("{ _id: 2, lab: 'x', seq: 2 }"));
        (await pages.CountDocumentsAsync(new BsonDocument(), null, None)).ShouldBe(2);
    }

    [Fact]
    public async Task A_key_that_was_given_up_is_free_again()
    {
        var pages = await IndexedAsync(new BsonDocument("key", 1), new() { Unique = true });
        await pages.InsertManyAsync([BsonDocument.Parse("{ _id: 1, key: 'a' }"), BsonDocument.Parse("{ _id: 2, key: 'b' }")], null, None);

        await pages.DeleteOneAsync(new BsonDocument("_id", 1), None);
        await pages.UpdateOneAsync(new BsonDocument("_id", 2), BsonDocument.Parse("{ $set: { key: 'a' } }"), null, None);
        await pages.InsertOneAsync(BsonDocument.Parse("{ _id: 3, key: 'b' }"), null, None);

        (await pages.CountDocumentsAsync(new BsonDocument(), null, None)).ShouldBe(2);
    }

    [Fact]
    public async Task A_partial_index_binds_only_what_it_holds()
    {
        var pages = await IndexedAsync(new BsonDocument("key", 1), new CreateIndexOptions<BsonDocument> { Unique = true, PartialFilterExpression = new BsonDocument("open", true) });
        await pages.InsertOneAsync(BsonDocument.Parse("{ _id: 1, key: 'a', open: true }"), null, None);
        await pages.InsertOneAsync(BsonDocument.Parse("{ _id: 2, key: 'a', open: false }"), null, None);
        await pages.InsertOneAsync(BsonDocument.Parse("{ _id: 3, key: 'a' }"), null, None);

        await Should.ThrowAsync<MongoWriteException>(() => pages.InsertOneAsync(BsonDocument.Parse("{ _id: 4, key: 'a', open: true }"), null, None));
        await Should.ThrowAsync<MongoWriteException>(() => pages.UpdateOneAsync(new BsonDocument("_id", 2), BsonDocument.Parse("{ $set: { open: true } }"), null, None));
    }

    [Fact]
    public async Task A_unique_index_cannot_be_made_over_duplicates()
    {
        var pages = database.GetCollection<BsonDocument>("doubled");
        await pages.InsertManyAsync([BsonDocument.Parse("{ key: 'a' }"), BsonDocument.Parse("{ key: 'a' }")], null, None);

        (await Should.ThrowAsync<MongoCommandException>(() => pages.Indexes.CreateManyAsync([new(new BsonDocument("key", 1), new() { Unique = true })], None))).Code.ShouldBe(11000);
    }

    [Fact]
    public async Task The_same_index_may_be_asked_for_again_and_is_listed_once()
    {
        var pages = await IndexedAsync(new BsonDocument("key", 1), new() { Unique = true, Name = "key" });

        await pages.Indexes.CreateManyAsync([new(new BsonDocument("key", 1), new() { Unique = true, Name = "key" })], None);

        using var indexes = await pages.Indexes.ListAsync(None);
        (await indexes.ToListAsync(None)).Select(index => index["name"].AsString).ShouldBe(["_id_", "key"]);
        await Should.ThrowAsync<MongoCommandException>(() => pages.Indexes.CreateManyAsync([new(new BsonDocument("key", 1), new() { Name = "key" })], None));
    }

    [Fact]
    public async Task An_index_never_changes_an_answer()
    {
        var random = new Random(Seed);
        var plain = database.GetCollection<BsonDocument>("plain");
        var indexed = database.GetCollection<BsonDocument>("indexed");
        await indexed.Indexes.CreateManyAsync(
            [
                new(new BsonDocument { { "a", 1 }, { "b", 1 } }),
                new(new BsonDocument { { "a", 1 }, { "_id", 1 } }),
                new(new BsonDocument { { "b", -1 }, { "_id", -1 } }),
                new(new BsonDocument { { "c", 1 }, { "b", 1 }, { "_id", 1 } }),
                new(new BsonDocument("c", 1), new() { Sparse = true }),
            ],
            None);
        foreach (var step in Enumerable.Range(1, 300))
        {
            var document = RandomDocument(random, step);
            var (filter, change) = (RandomFilter(random), new BsonDocument("$set", new BsonDocument("b", RandomValue(random))));
            var gone = new BsonDocument("_id", random.Next(3 * step));
            foreach (var collection in new[] { plain, indexed })
            {
                await collection.InsertOneAsync((BsonDocument)document.DeepClone(), null, None);
                await collection.UpdateManyAsync(filter, change, null, None);
                await collection.DeleteManyAsync(gone, None);
            }

            var (asked, sort) = (RandomFilter(random), new BsonDocument { { random.Next(2) == 0 ? "a" : "b", random.Next(2) == 0 ? 1 : -1 }, { "_id", random.Next(2) == 0 ? 1 : -1 } });
            var answers = new List<List<BsonDocument>>();
            foreach (var collection in new[] { plain, indexed })
            {
                answers.Add(await collection.Find(asked).Sort(sort).Skip(1).Limit(20).ToListAsync(None));
            }

            answers[1].ShouldBe(answers[0], $"step {step} of seed {Seed}: {asked} sorted by {sort}");
        }

        (await plain.CountDocumentsAsync(new BsonDocument(), null, None)).ShouldBeGreaterThan(100);
    }

    private static BsonDocument RandomDocument(Random random, int id)
    {
        var document = new BsonDocument("_id", id);
        foreach (var field in new[] { "a", "b", "c" }.Where(_ => random.Next(4) > 0))
        {
            document.Add(field, random.Next(8) == 0 ? new BsonArray(Enumerable.Range(0, random.Next(3)).Select(_ => RandomValue(random))) : RandomValue(random));
        }

        return document;
    }

    private static BsonDocument RandomFilter(Random random)
    {
        var filter = new BsonDocument();
        foreach (var field in new[] { "a", "b", "c" }.Where(_ => random.Next(2) == 0))
        {
            filter.Add(field, random.Next(5) switch
            {
                0 => new BsonDocument("$gt", RandomValue(random)),
                1 => new BsonDocument { { "$gte", random.Next(4) }, { "$lt", random.Next(6) } },
                2 => new BsonDocument("$in", new BsonArray { RandomValue(random), RandomValue(random) }),
                3 => new BsonDocument("$lte", RandomValue(random)),
                _ => RandomValue(random),
            });
        }

        return filter;
    }

    private static BsonValue RandomValue(Random random) => random.Next(5) switch
    {
        0 => $"{(char)('a' + random.Next(4))}",
        1 => (long)random.Next(5),
        2 => random.Next(5) + 0.5,
        _ => random.Next(5),
    };

    private async Task<IMongoCollection<BsonDocument>> IndexedAsync(BsonDocument keys, CreateIndexOptions options)
    {
        var pages = database.GetCollection<BsonDocument>($"pages_{Guid.NewGuid():N}");
        await pages.Indexes.CreateManyAsync([new(keys, options)], None);
        return pages;
    }
}
