using System.Reflection;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using MongoDB.Driver;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class MongoRecordIndexTests(MongoTestServer server) : IClassFixture<MongoTestServer>
{
    private static readonly RecordSelection Selection = new()
    {
        Clauses = new Dictionary<string, SelectedDays>(StringComparer.Ordinal) { ["a"] = new(1, 2), ["b"] = new(3, 4) },
        Terms = [],
    };

    /// <summary>Every query but those by <c>_id</c>, with its collection.</summary>
    private static readonly (string Name, string Collection, MongoQuery Query)[] Queries =
    [
        (nameof(MongoRecordQueries.LatestChanges), MongoRecordSchema.Records, MongoRecordQueries.LatestChanges("lab", 1, 9, 10)),
        (nameof(MongoRecordQueries.Arrivals), MongoRecordSchema.Matches, MongoRecordQueries.Arrivals("lab", Selection, 1, 9, 10)),
        (nameof(MongoRecordQueries.OldestFirst), MongoRecordSchema.Quarantine, MongoRecordQueries.OldestFirst("lab", null, 10)),
        (nameof(MongoRecordQueries.OldestFirst), MongoRecordSchema.Quarantine, MongoRecordQueries.OldestFirst("lab", new QuarantineCursor(1, "item"), 10)),
    ];

    [Fact]
    public void Every_query_has_one_index_and_every_index_a_query()
    {
        var used = Queries.Select(query => MongoIndexUse.IndexesFor(MongoRecordSchema.Database, query.Collection, query.Query.Filter, query.Query.Sort).ShouldHaveSingleItem(query.Name)).ToHashSet(StringComparer.Ordinal);
        used.ShouldBe(MongoRecordSchema.Database.Indexes.Values.SelectMany(indexes => indexes).Select(index => index.Name), ignoreOrder: true);
        MongoRecordSchema.Identified.Indexes.ShouldBeEmpty();
    }

    [Fact]
    public void No_query_is_left_out_here() =>
        typeof(MongoRecordQueries).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name)
            .ShouldBe([nameof(MongoRecordQueries.ById), .. Queries.Select(query => query.Name).Distinct(StringComparer.Ordinal)], ignoreOrder: true);

    [Fact]
    public async Task The_declared_indexes_are_made_before_the_first_use()
    {
        using var databases = new MongoRecordDatabases(server);
        await databases.Open().ClaimPseudonymsAsync("one", CancellationToken.None);
        foreach (var (collection, indexes) in databases.Records.Indexes)
        {
            var made = await (await server.Client.GetDatabase(databases.Records.Database).GetCollection<MongoDB.Bson.BsonDocument>(collection).Indexes.ListAsync()).ToListAsync();
            made.Select(index => index["name"].AsString).ShouldBe(["_id_", .. indexes.Select(index => index.Name)], ignoreOrder: true);
        }
    }
}
