using System.Collections.Concurrent;
using System.Globalization;
using IssueObservatory.Mesh.Tests;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Events;
using Shouldly;

namespace IssueObservatory.Mesh.Contracts.MongoDriver;

/// <summary>Servers that are away, that come back, that want a password; and what is asked of them on the wire.</summary>
public sealed class MongoConnectionTests
{
    private const string Secret = "dont-show-me";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly BsonDocument Ping = new("ping", 1);

    [Theory]
    [InlineData("127.0.0.1:1")]
    [InlineData("no-such-host.invalid")]
    public async Task A_server_that_is_not_there_is_a_time_out_and_the_password_stays_secret(string host)
    {
        using var client = Client($"mongodb://somebody:{Secret}@{host}/", TimeSpan.FromMilliseconds(300));

        var failure = await Should.ThrowAsync<TimeoutException>(() => PingAsync(client).WaitAsync(Soon));

        failure.ToString().ShouldNotContain(Secret);
    }

    [Fact]
    public async Task A_wrong_password_is_an_authentication_failure_and_stays_secret()
    {
        await using var server = await MongoTestServer.StartWithLoginAsync();
        using var client = Client(server.ConnectionStringWith(Secret), Soon);

        var failure = await Should.ThrowAsync<MongoAuthenticationException>(() => PingAsync(client));

        failure.ToString().ShouldNotContain(Secret);
    }

    [Fact]
    public async Task The_right_password_opens_and_none_opens_nothing()
    {
        await using var server = await MongoTestServer.StartWithLoginAsync();
        using var nobody = Client($"mongodb://127.0.0.1:{server.Port.ToString(CultureInfo.InvariantCulture)}/?directConnection=true", Soon);

        await server.NewDatabase().GetCollection<BsonDocument>("things").InsertOneAsync(new BsonDocument(), null, None);

        (await Should.ThrowAsync<MongoCommandException>(() => nobody.GetDatabase("any").GetCollection<BsonDocument>("things").Find(new BsonDocument()).ToListAsync(None))).Code.ShouldBe(13);
    }

    [Fact]
    public async Task A_connection_string_with_a_database_logs_in_where_the_users_are()
    {
        await using var server = await MongoTestServer.StartWithLoginAsync();
        var url = new MongoUrl(server.NewDatabaseConnectionString());
        using var client = new MongoClient(url);

        await client.GetDatabase(url.DatabaseName).RunCommandAsync<BsonDocument>(Ping, null, None);
    }

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_after_it()
    {
        await using var server = await MongoTestServer.StartAsync();
        using var client = Client(server.ConnectionString, TimeSpan.FromSeconds(5));
        var things = client.GetDatabase(server.NewDatabaseName()).GetCollection<BsonDocument>("things");
        await things.Indexes.CreateManyAsync([new(new BsonDocument("key", 1), new() { Unique = true })], None);
        var acknowledged = new ConcurrentBag<int>();
        var writing = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => WriteUntilItBreaksAsync(things, writer, acknowledged)));
        await UntilAsync(() => acknowledged.Count >= 100);

        await server.KillAsync();
        await writing;
        await server.RestartAsync();

        var stored = (await things.Find(new BsonDocument()).ToListAsync(None)).Select(thing => thing["_id"].AsInt32).ToHashSet();
        acknowledged.Where(id => !stored.Contains(id)).ShouldBeEmpty();
        var again = acknowledged.First();
        (await Should.ThrowAsync<MongoWriteException>(() => things.InsertOneAsync(new BsonDocument { { "_id", -1 }, { "key", again } }, null, None)))
            .WriteError.Category.ShouldBe(ServerErrorCategory.DuplicateKey);
    }

    [Fact]
    public async Task A_client_finds_its_server_again_by_itself()
    {
        await using var server = await MongoTestServer.StartAsync();
        var things = server.NewDatabase().GetCollection<BsonDocument>("things");
        await things.InsertOneAsync(new BsonDocument(), null, None);
        await server.KillAsync();
        using (var impatient = Client(server.ConnectionString, TimeSpan.FromMilliseconds(300)))
        {
            await Should.ThrowAsync<TimeoutException>(() => PingAsync(impatient));
        }

        var waiting = things.Find(new BsonDocument()).ToListAsync(None);
        await server.RestartAsync();

        (await waiting.WaitAsync(Soon)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Majority_and_journal_are_asked_for_on_the_wire()
    {
        await using var server = await MongoTestServer.StartAsync();
        var sent = new ConcurrentDictionary<string, BsonDocument>(StringComparer.Ordinal);
        var settings = MongoClientSettings.FromConnectionString(server.ConnectionString);
        settings.ClusterConfigurator = cluster => cluster.Subscribe<CommandStartedEvent>(started => sent[started.CommandName] = (BsonDocument)started.Command.DeepClone());
        using var client = new MongoClient(settings);
        var things = client.GetDatabase(server.NewDatabaseName())
            .WithWriteConcern(WriteConcern.WMajority.With(journal: true, wTimeout: TimeSpan.FromSeconds(5))).WithReadConcern(ReadConcern.Majority).GetCollection<BsonDocument>("things");

        await things.InsertOneAsync(new BsonDocument("_id", 1), null, None);
        await things.FindOneAndUpdateAsync<BsonDocument>(new BsonDocument("_id", 1), BsonDocument.Parse("{ $set: { a: 1 } }"), null, None);
        await things.Find(new BsonDocument()).ToListAsync(None);

        foreach (var concern in new[] { sent["insert"]["writeConcern"], sent["findAndModify"]["writeConcern"] })
        {
            (concern["w"].AsString, concern["j"].AsBoolean, concern["wtimeout"].ToInt32()).ShouldBe(("majority", true, 5000));
        }

        sent["find"]["readConcern"].ShouldBe(new BsonDocument("level", "majority"));
    }

    private static MongoClient Client(string connectionString, TimeSpan patience)
    {
        var settings = MongoClientSettings.FromConnectionString(connectionString);
        settings.ServerSelectionTimeout = patience;
        return new MongoClient(settings);
    }

    private static Task PingAsync(MongoClient client) =>
        client.GetDatabase("admin").RunCommandAsync<BsonDocument>(Ping, null, None);

    private static async Task WriteUntilItBreaksAsync(IMongoCollection<BsonDocument> things, int writer, ConcurrentBag<int> acknowledged)
    {
        for (var id = writer; ; id += 4)
        {
            try
            {
                await things.InsertOneAsync(new BsonDocument { { "_id", id }, { "key", id } }, null, None);
                acknowledged.Add(id);
            }
            catch (Exception broken) when (broken is MongoException or TimeoutException)
            {
                return;
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(Soon);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
