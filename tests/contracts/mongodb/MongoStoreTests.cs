using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Configuration;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;
using IssueObservatory.Mesh.Tests;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.MongoDb;

/// <summary>What the MongoDB stores rely on: a change of a lab happens whole or not at all, whoever dies, and a late process undoes nothing.</summary>
public sealed class MongoStoreTests(MongoTestServer server) : IClassFixture<MongoTestServer>, IDisposable
{
    private const string Lab = "lab";
    private static readonly BsonDocument Cut = new() { ["closeConnection"] = true };
    private static readonly BsonDocument CutAfter = new() { ["closeAfter"] = true };

    private readonly string database = server.NewDatabaseName();
    private readonly List<IDisposable> opened = [];

    public void Dispose() => opened.ForEach(each => each.Dispose());

    [Fact]
    public async Task What_was_put_is_there_for_every_process()
    {
        await PutAsync(Open(), "a", 1);

        (await ReadAsync(Open(), "a")).ShouldBe(1);
        (await Open().ListLabsAsync(CancellationToken.None)).ShouldBe([Lab]);
    }

    [Fact]
    public async Task A_change_that_throws_leaves_nothing()
    {
        var store = Open();

        await Should.ThrowAsync<InvalidOperationException>(() => store.WriteAsync(
            Lab,
            change =>
            {
                change.Put("items", Item("a", 1));
                throw new InvalidOperationException();
            },
            CancellationToken.None));

        (await ReadAsync(store, "a")).ShouldBeNull();
    }

    [Fact]
    public async Task A_change_sees_what_it_has_put()
    {
        var seen = await Open().WriteAsync(
            Lab,
            async change =>
            {
                change.Put("items", Item("a", 1));
                return (await change.FindAsync("items", "a", CancellationToken.None))!["count"].AsInt32;
            },
            CancellationToken.None);

        seen.ShouldBe(1);
    }

    [Fact]
    public async Task Parallel_changes_of_several_processes_lose_none()
    {
        const int each = 12;
        MongoStore[] stores = [Open(), Open(), Open()];

        await Task.WhenAll(stores.SelectMany(store => Enumerable.Range(0, each).Select(_ => AddOneAsync(store, "sum"))));

        (await ReadAsync(stores[0], "sum")).ShouldBe(stores.Length * each);
    }

    [Fact]
    public async Task A_reader_sees_all_of_a_change_or_nothing()
    {
        var (writer, reader) = (Open(), Open());
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 1; !stop.IsCancellationRequested; i++)
            {
                await PutAsync(writer, i, "a", "b", "c");
            }
        });

        for (var i = 0; i < 12; i++)
        {
            var counts = await reader.ReadAsync(
                Lab,
                async reading =>
                {
                    List<int?> found = [];
                    foreach (var id in new[] { "a", "b", "c" })
                    {
                        found.Add((await reading.FindAsync("items", id, CancellationToken.None))?["count"].AsInt32);
                    }

                    return found;
                },
                CancellationToken.None);
            counts.Distinct().ShouldHaveSingleItem();
        }

        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_change_that_was_decided_and_not_written_is_finished_by_whoever_looks_next()
    {
        var store = Open();
        await PutAsync(store, "a", 1);
        await server.FailAsync("update", Cut, times: 20);

        await PutAsync(store, 2, "a", "b");

        (await PlainAsync("b")).ShouldBeNull("nothing but the ledger was written");
        await server.HealAsync();
        (await ReadAsync(Open(), "b")).ShouldBe(2);
        (await PlainAsync("b")).ShouldBe(2);
    }

    [Fact]
    public async Task A_change_whose_answer_was_lost_is_known_to_have_happened()
    {
        var store = Open();
        await PutAsync(store, "sum", 1);
        await server.FailAsync("findAndModify", CutAfter, times: 2);

        await AddOneAsync(store, "sum");

        (await ReadAsync(store, "sum")).ShouldBe(2, "once, not twice");
    }

    [Fact]
    public async Task A_change_whose_request_was_lost_is_known_not_to_have_happened_and_cannot_happen_later()
    {
        var store = Open();
        await PutAsync(store, "sum", 1);
        var before = await LedgerAsync();
        await server.FailAsync("findAndModify", Cut, times: 2);

        var failed = await Should.ThrowAsync<MeshException>(() => AddOneAsync(store, "sum"));

        failed.Reason.ShouldBe(ErrorReason.Unavailable);
        (await ReadAsync(store, "sum")).ShouldBe(1);
        (await LedgerAsync())["version"].AsInt64.ShouldBeGreaterThan(before["version"].AsInt64, "the number that the lost request asked for is used up");
    }

    [Fact]
    public async Task A_process_that_wakes_up_late_undoes_nothing()
    {
        var (paused, other) = (Open(), Open());
        await PutAsync(paused, 1, "a");
        await server.FailAsync("update", Cut, times: 20);
        await PutAsync(paused, 2, "a", "late");
        await server.HealAsync();
        var (version, record) = ((await LedgerAsync())["version"].AsInt64, (await LedgerAsync())["pending"].AsBsonDocument);
        await PutAsync(other, 3, "a");

        await new MongoLedger(server.Client.GetDatabase(database), Lab).TryWriteAsync(version, record, CancellationToken.None);

        (await ReadAsync(other, "a")).ShouldBe(3);
        (await ReadAsync(other, "late")).ShouldBe(2);
    }

    [Fact]
    public async Task A_large_change_is_one_change_too_and_leaves_no_redo_record()
    {
        var store = Open();
        var text = new string('x', 3 * 1024 * 1024);
        await store.WriteAsync(
            Lab,
            change =>
            {
                for (var i = 0; i < 8; i++)
                {
                    change.Put("items", Item($"large {i}", i).Add("text", text));
                }

                return Task.CompletedTask;
            },
            CancellationToken.None);

        (await ReadAsync(Open(), "large 7")).ShouldBe(7);
        (await server.Client.GetDatabase(database).GetCollection<BsonDocument>("redo").CountDocumentsAsync(new BsonDocument())).ShouldBe(0);
    }

    [Fact]
    public async Task A_large_change_that_was_not_written_is_finished_from_its_redo_record()
    {
        var store = Open();
        await PutAsync(store, "a", 1);
        await server.FailAsync("update", Cut, times: 20);
        await store.WriteAsync(
            Lab,
            change =>
            {
                for (var i = 0; i < 4; i++)
                {
                    change.Put("items", Item($"large {i}", i).Add("text", new string('x', 3 * 1024 * 1024)));
                }

                return Task.CompletedTask;
            },
            CancellationToken.None);
        await server.HealAsync();

        (await ReadAsync(Open(), "large 3")).ShouldBe(3);
    }

    [Fact]
    public async Task Labs_do_not_see_each_other()
    {
        var store = Open();
        await PutAsync(store, "a", 1);

        (await store.ReadAsync("other", reading => reading.CountAsync("items", new BsonDocument("lab", "other"), CancellationToken.None), CancellationToken.None)).ShouldBe(0);
        (await store.ListLabsAsync(CancellationToken.None)).ShouldBe([Lab]);
    }

    [Fact]
    public async Task Who_finds_a_newer_schema_says_so_and_touches_nothing()
    {
        await PutAsync(Open(version: 2), "a", 1);

        var refused = await Should.ThrowAsync<MeshException>(() => PutAsync(Open(version: 1), "a", 2));

        refused.Reason.ShouldBe(ErrorReason.Unavailable);
        refused.Message.ShouldBe($"The database {database} has schema 2, this version knows up to 1; use the version that wrote it or a newer one.");
        (await PlainAsync("a")).ShouldBe(1);
    }

    [Fact]
    public async Task Who_comes_while_a_database_is_looked_at_hears_what_that_found_and_looks_no_second_time()
    {
        var store = Open();
        await server.FailAsync("find", new BsonDocument("errorCode", 13));

        var heard = Enumerable.Range(0, 5).Select(_ => ReadAsync(store, "a")).ToList();

        foreach (var each in heard)
        {
            (await Should.ThrowAsync<MeshException>(() => each)).Message.ShouldEndWith(" does not let this user do what is needed.");
        }

        (await ReadAsync(store, "a")).ShouldBeNull();
    }

    [Fact]
    public async Task A_server_that_is_away_is_said_within_seconds_and_used_again_when_it_is_back()
    {
        await using var own = await MongoTestServer.StartAsync();
        var store = Open(own, "away");
        await PutAsync(store, "a", 1);
        await own.KillAsync();

        var started = TimeProvider.System.GetTimestamp();
        var away = await Should.ThrowAsync<MeshException>(() => ReadAsync(store, "a"));

        away.Reason.ShouldBe(ErrorReason.Unavailable);
        away.Message.ShouldBe($"MongoDB at 127.0.0.1:{own.Port} cannot be reached.");
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(15));
        await own.RestartAsync();
        (await ReadAsync(store, "a")).ShouldBe(1);
    }

    [Fact]
    public async Task A_wrong_password_is_said_without_showing_it()
    {
        await using var own = await MongoTestServer.StartWithLoginAsync();
        const string wrong = "not-the-password";

        var refused = await Should.ThrowAsync<MeshException>(() => PutAsync(Open(own.ConnectionStringWith(wrong), "sealed"), "a", 1));

        refused.Message.ShouldBe($"MongoDB at 127.0.0.1:{own.Port} refuses the user or the password.");
        refused.ToString().ShouldNotContain(wrong);
    }

    [Theory]
    [InlineData("mongo://127.0.0.1")]
    [InlineData("mongodb://user:hidden@:x/")]
    public void A_connection_string_that_cannot_be_read_stops_the_start_and_is_not_repeated(string text)
    {
        var refused = Should.Throw<StartRefusedException>(() => MongoConnection.Find(Connections(text), "MongoDb"));

        refused.Message.ShouldBe("ConnectionStrings:MongoDb must be like mongodb://user:password@host:27017/?authSource=admin.");
        refused.ToString().ShouldNotContain("hidden");
    }

    private static BsonDocument Item(string id, int count) => new() { ["_id"] = id, ["count"] = count };

    private static Task PutAsync(MongoStore store, string id, int count) => PutAsync(store, count, id);

    private static Task PutAsync(MongoStore store, int count, params string[] ids) => store.WriteAsync(
        Lab,
        change =>
        {
            foreach (var id in ids)
            {
                change.Put("items", Item(id, count));
            }

            return Task.CompletedTask;
        },
        CancellationToken.None);

    private static Task AddOneAsync(MongoStore store, string id) => store.WriteAsync(
        Lab,
        async change => change.Put("items", Item(id, ((await change.FindAsync("items", id, CancellationToken.None))?["count"].AsInt32 ?? 0) + 1)),
        CancellationToken.None);

    private static Task<int?> ReadAsync(MongoStore store, string id) =>
        store.ReadAsync(Lab, async reading => (await reading.FindAsync("items", id, CancellationToken.None))?["count"].AsInt32, CancellationToken.None);

    private async Task<int?> PlainAsync(string id) =>
        (await server.Client.GetDatabase(database).GetCollection<BsonDocument>("items").Find(new BsonDocument("_id", id)).FirstOrDefaultAsync())?["count"].AsInt32;

    private Task<BsonDocument> LedgerAsync() =>
        server.Client.GetDatabase(database).GetCollection<BsonDocument>("labs").Find(new BsonDocument("_id", Lab)).FirstAsync();

    private MongoStore Open(int version = 1) => Open(server.ConnectionString, database, version);

    private MongoStore Open(MongoTestServer own, string name) => Open(own.ConnectionString, name);

    private MongoStore Open(string connectionString, string name, int version = 1)
    {
        var connection = MongoConnection.Find(Connections(connectionString), "MongoDb")!;
        var store = new MongoStore(connection, new MongoSchema(name, version, new Dictionary<string, IReadOnlyList<MongoIndex>>()), TimeProvider.System);
        opened.AddRange([store, connection]);
        return store;
    }

    private static ConnectionStrings Connections(string mongoDb) => new(
        new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:MongoDb"] = mongoDb })
            .Build());
}
