using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Configuration;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>What a version wrote that knew profiles only, as lists.</summary>
public sealed class ListUpgradeTests(MongoTestServer server) : IClassFixture<MongoTestServer>, IDisposable
{
    private const string OldSearch = """{"LabId":"default","SearchId":"s1","Kind":1,"Class":3,"Window":{"From":"2026-04-01","To":"2026-04-01","Count":1},"Clauses":[],"Username":"Ft","RefreshId":"","VideoIds":[],"Priority":1,"CreatedAt":"2026-04-01T12:00:00+00:00","TraceParent":"","Restarts":0}""";

    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly ListKey[] Asked = [ListKey.Profile("FT"), ListKey.Profile("dr"), ListKey.Profile("gone"), ListKey.Profile("broken")];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task In_a_file_profiles_that_were_read_stay_read_and_those_on_their_way_go_on()
    {
        var path = folder.PathOf("collector.db");
        using (var old = SqliteFile.Open(path, [.. CollectorSchema.Steps.Take(2)]))
        {
            await old.WriteAsync(
                session =>
                {
                    session.Execute(
                        $$"""
                        INSERT INTO profiles VALUES ('default', 'dr', 'ok', 1000), ('default', 'gone', 'user_not_found', 2000), ('default', 'broken', 'failed', 3000);
                        INSERT INTO collection_profiles VALUES ('default', 'c1', 'dr'), ('default', 'c1', 'ft');
                        INSERT INTO collections VALUES ('default', 'c1', 'r', 1, 1, 0, 0, '{{CollectorJson.Write(Collection("c1"))}}');
                        INSERT INTO searches (lab_id, search_id, kind, priority, created_at, ordinal, status, not_before, begun, in_flight, payer, refresh_id, username, answered, announced, document, checkpoint)
                        VALUES ('default', 's1', 1, 1, 1, 0, 0, 0, 0, 0, '', '', 'ft', 1, 0, '{{OldSearch}}', '{}');
                        INSERT INTO search_collections VALUES ('default', 's1', 'c1')
                        """);
                },
                None);
        }

        using var store = new SqliteCollectorStore(SqliteFile.Open(path, CollectorSchema.Steps), Options);
        Check((await store.ReadPlanningStateAsync(Lab, [], Asked, None)).Lists);
        (await store.ReadFactsAsync(Lab, "c1", None))!.Lists.Keys.ShouldBe([ListKey.Profile("dr"), ListKey.Profile("ft")], ignoreOrder: true);
        CheckOpen((await store.ListOpenAsync(awake: null, Now, 5, None)).ShouldHaveSingleItem().Search);
    }

    [Fact]
    public async Task In_MongoDB_too()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:MongoDb", server.ConnectionString)]).Build();
        using var connection = MongoConnection.Find(new(configuration), "MongoDb")!;
        var name = server.NewDatabaseName();
        var now = MongoCollectorSchema.Of(name);
        using (var old = new MongoStore(connection, now with { Version = 1, Upgrade = null }, TimeProvider.System))
        {
            await old.WriteAsync(
                Lab,
                change =>
                {
                    foreach (var (user, outcome, at) in new[] { ("dr", "ok", 1), ("gone", "user_not_found", 2), ("broken", "failed", 3) })
                    {
                        change.Put("profiles", new() { ["_id"] = MongoKey.Of(Lab, user), ["username"] = user, ["outcome"] = outcome, ["read_at"] = DateTimeOffset.FromUnixTimeSeconds(at).UtcDateTime });
                    }

                    var record = new SearchRecord { Search = CollectorJson.Read<Search>(OldSearch), Collections = ["c1"] };
                    var search = MongoCollectorDocuments.Of(record);
                    search.Remove("bucket");
                    search.Remove("list");
                    search["profile"] = MongoKey.Of(Lab, "ft");
                    change.Put(MongoCollectorSchema.Searches, search);
                    change.Put(MongoCollectorSchema.Collections, MongoCollectorDocuments.Of(Collection("c1")));
                    change.Put(MongoCollectorSchema.Askings, new() { ["_id"] = MongoKey.Of(Lab, "c1"), ["clauses"] = new BsonArray(), ["profiles"] = new BsonArray { "dr", "ft" } });
                    return Task.CompletedTask;
                },
                None);
        }

        for (var turn = 0; turn < 2; turn++)
        {
            using var documents = new MongoStore(connection, now with { Version = 2 + turn }, TimeProvider.System);
            var store = new MongoCollectorStore(documents, Options);
            Check((await store.ReadPlanningStateAsync(Lab, [], Asked, None)).Lists);
            (await store.ReadFactsAsync(Lab, "c1", None))!.Lists.Keys.ShouldBe([ListKey.Profile("dr"), ListKey.Profile("ft")], ignoreOrder: true);
            CheckOpen((await store.ListOpenAsync(awake: null, Now, 5, None)).ShouldHaveSingleItem().Search);
        }
    }

    private static void Check(IReadOnlyDictionary<ListKey, ListFact> lists)
    {
        lists[ListKey.Profile("ft")].ShouldBe(new("s1", null));
        lists[ListKey.Profile("dr")].ShouldBe(new("", Read("dr", ListResult.Read, 1) with { Items = 1 }));
        lists[ListKey.Profile("gone")].ShouldBe(new("", Read("gone", ListResult.Refused, 2) with { Reason = "user_not_found" }));
        lists[ListKey.Profile("broken")].ShouldBe(new("", Read("broken", ListResult.Failed, 3)));
    }

    private static void CheckOpen(Search search) => search.ShouldSatisfyAllConditions(
        open => open.Kind.ShouldBe(SearchKind.List),
        open => open.List.ShouldBe(ListKey.Profile("ft")),
        open => open.Answers(0).ShouldBe(ApiEndpoint.UserInfo),
        open => open.Bucket.ShouldBe(QuotaBucket.Research));

    private static ListRead Read(string name, ListResult result, int second) => new() { List = ListKey.Profile(name), Result = result, ReadAt = DateTimeOffset.FromUnixTimeSeconds(second) };
}
