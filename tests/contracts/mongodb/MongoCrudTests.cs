using IssueObservatory.Mesh.Tests;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;

namespace IssueObservatory.Mesh.Contracts.MongoDriver;

/// <summary>The calls that stores make, over MongoDB.Driver itself: what the test server answers is what a store may rely on.</summary>
public sealed class MongoCrudTests(MongoTestServer server) : IClassFixture<MongoTestServer>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly IMongoCollection<BsonDocument> pages = server.NewDatabase().GetCollection<BsonDocument>("pages");

    [Fact]
    public async Task What_was_inserted_is_found_by_its_id()
    {
        var page = new BsonDocument { { "_id", "a" }, { "seq", 1 }, { "body", new BsonDocument("x", BsonNull.Value) } };
        await pages.InsertOneAsync(page, null, None);

        (await FindAsync(new BsonDocument("_id", "a"))).ShouldHaveSingleItem().ShouldBe(page);
        (await pages.Find(new BsonDocument("_id", "b")).FirstOrDefaultAsync(None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_query_sorts_skips_limits_and_projects()
    {
        await InsertAsync(5, 3, 1, 4, 2);

        var found = await pages.Find(new BsonDocument("seq", new BsonDocument("$gt", 1)))
            .Sort(new BsonDocument("seq", -1)).Skip(1).Limit(2).Project(new BsonDocument { { "seq", 1 }, { "_id", 0 } }).ToListAsync(None);

        found.ShouldBe([new BsonDocument("seq", 4), new BsonDocument("seq", 3)]);
    }

    [Fact]
    public async Task A_sort_by_two_fields_breaks_ties_by_the_second()
    {
        foreach (var (id, lab, seq) in new[] { ("a", "y", 1), ("b", "x", 1), ("c", "x", 2), ("d", "y", 0) })
        {
            await pages.InsertOneAsync(new BsonDocument { { "_id", id }, { "lab", lab }, { "seq", seq } }, null, None);
        }

        var found = await pages.Find(new BsonDocument()).Sort(new BsonDocument { { "lab", 1 }, { "seq", -1 } }).ToListAsync(None);

        string.Concat(found.Select(page => page["_id"].AsString)).ShouldBe("cbad");
    }

    [Theory]
    [InlineData("{ _id: { $in: ['1', '3', '9'] } }", "13")]
    [InlineData("{ _id: { $gte: '2', $lt: '4' } }", "23")]
    [InlineData("{ seq: { $ne: 2 } }", "134")]
    [InlineData("{ $or: [{ seq: 1 }, { seq: { $gt: 3 } }] }", "14")]
    [InlineData("{ $and: [{ seq: { $gt: 1 } }, { seq: { $lt: 4 } }] }", "23")]
    [InlineData("{ tags: 'odd' }", "13")]
    [InlineData("{ missing: null }", "1234")]
    [InlineData("{ missing: { $exists: true } }", "")]
    [InlineData("{ 'at.deep': 3 }", "3")]
    public async Task A_filter_finds_what_it_says(string filter, string ids)
    {
        foreach (var seq in Enumerable.Range(1, 4))
        {
            await pages.InsertOneAsync(
                new BsonDocument { { "_id", $"{seq}" }, { "seq", seq }, { "tags", new BsonArray { "all", seq % 2 == 0 ? "even" : "odd" } }, { "at", new BsonDocument("deep", seq) } }, null, None);
        }

        var found = await pages.Find(BsonDocument.Parse(filter)).Sort(new BsonDocument("_id", 1)).ToListAsync(None);

        string.Concat(found.Select(page => page["_id"].AsString)).ShouldBe(ids);
        (await pages.CountDocumentsAsync(BsonDocument.Parse(filter), null, None)).ShouldBe(ids.Length);
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_nothing_else()
    {
        await pages.InsertOneAsync(new BsonDocument { { "_id", "a" }, { "n", 1L }, { "old", true }, { "tags", new BsonArray { "x" } }, { "at", new BsonDocument("kept", 1) } }, null, None);

        var result = await pages.UpdateOneAsync(
            new BsonDocument("_id", "a"),
            BsonDocument.Parse("{ $inc: { n: 2 }, $unset: { old: '' }, $addToSet: { tags: 'y' }, $set: { 'at.new': 2 }, $setOnInsert: { never: 1 } }"), null, None);

        (result.MatchedCount, result.ModifiedCount, result.UpsertedId).ShouldBe((1, 1, null));
        (await FindAsync(new BsonDocument())).ShouldHaveSingleItem().ShouldBe(
            new BsonDocument { { "_id", "a" }, { "n", 3L }, { "tags", new BsonArray { "x", "y" } }, { "at", new BsonDocument { { "kept", 1 }, { "new", 2 } } } });
    }

    [Fact]
    public async Task A_sum_with_a_64_bit_number_stays_one()
    {
        await pages.InsertOneAsync(new BsonDocument { { "_id", "a" }, { "n", 1L }, { "at", new BsonDocument("n", 1) } }, null, None);

        await pages.UpdateOneAsync(new BsonDocument("_id", "a"), new BsonDocument("$inc", new BsonDocument { { "n", 1 }, { "at.n", 1L }, { "new", 1L } }), null, None);

        var changed = (await FindAsync(new BsonDocument())).Single();
        (changed["n"], changed["at"]["n"], changed["new"]).ShouldBe((new BsonInt64(2), new BsonInt64(2), new BsonInt64(1)));
    }

    [Fact]
    public async Task A_replacement_that_changes_nothing_is_matched_and_not_counted_as_a_change()
    {
        await InsertAsync(1);

        var result = await pages.ReplaceOneAsync(new BsonDocument("_id", "1"), new BsonDocument { { "_id", "1" }, { "seq", 1 } }, new ReplaceOptions(), None);

        (result.MatchedCount, result.ModifiedCount).ShouldBe((1, 0));
    }

    [Fact]
    public async Task An_id_cannot_be_changed()
    {
        await InsertAsync(1);

        (await Should.ThrowAsync<MongoWriteException>(() => pages.ReplaceOneAsync(new BsonDocument("seq", 1), new BsonDocument { { "_id", "2" } }, new ReplaceOptions(), None)))
            .WriteError.Code.ShouldBe(66);
        (await FindAsync(new BsonDocument("_id", "1"))).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Find_one_and_update_answers_the_document_before_or_after()
    {
        await InsertAsync(1, 2, 3);

        var before = await FindAndIncrementAsync(new BsonDocument(), new() { Sort = new BsonDocument("seq", -1) });
        var after = await FindAndIncrementAsync(new BsonDocument("_id", "3"), new() { ReturnDocument = ReturnDocument.After, Projection = new BsonDocument("n", 1) });

        before.ShouldBe(new BsonDocument { { "_id", "3" }, { "seq", 3 } });
        after.ShouldBe(new BsonDocument { { "_id", "3" }, { "n", 2 } });
    }

    [Fact]
    public async Task Find_one_and_update_answers_null_where_nothing_matches()
    {
        (await FindAndIncrementAsync(new BsonDocument("_id", "none"), new())).ShouldBeNull();
        (await FindAndIncrementAsync(new BsonDocument("_id", "new"), new() { IsUpsert = true })).ShouldBeNull();
        (await FindAndIncrementAsync(new BsonDocument("_id", "new"), new() { IsUpsert = true, ReturnDocument = ReturnDocument.After }))
            .ShouldBe(new BsonDocument { { "_id", "new" }, { "n", 2 } });
    }

    [Fact]
    public async Task A_command_answers_a_document_and_an_unknown_one_is_refused()
    {
        (await pages.Database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), null, None))["ok"].ToInt32().ShouldBe(1);

        (await Should.ThrowAsync<MongoCommandException>(() => pages.Database.RunCommandAsync<BsonDocument>(new BsonDocument("noSuchCommand", 1), null, None))).Code.ShouldBe(59);
    }

    private Task<List<BsonDocument>> FindAsync(BsonDocument filter) => pages.Find(filter).ToListAsync(None);

    private Task InsertAsync(params IEnumerable<int> numbers) =>
        pages.InsertManyAsync(numbers.Select(seq => new BsonDocument { { "_id", $"{seq}" }, { "seq", seq } }), null, None);

    private Task<BsonDocument> FindAndIncrementAsync(BsonDocument filter, FindOneAndUpdateOptions<BsonDocument> options) =>
        pages.FindOneAndUpdateAsync(filter, new BsonDocument("$inc", new BsonDocument("n", 1)), options, None);
}
