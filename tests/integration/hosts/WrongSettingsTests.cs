using System.Globalization;
using System.Security.Cryptography;
using IssueObservatory.Mesh.Tests;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Hosts;

/// <summary>
/// One process of a cluster that was told something wrong: it says so in a line that names the key or the place and no value. What only people can
/// mend ends it, once, with exit code 1; for what can mend itself it stays, is not ready, and is ready by itself afterwards.
/// </summary>
public sealed class WrongSettingsTests : IAsyncLifetime
{
    private const string Broker = "token-broker";
    private const string Canary = "canary-of-the-settings";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryFolder folder = new();
    private readonly string password = RandomNumberGenerator.GetHexString(24);
    private SharedSettings shared = null!;
    private MongoTestServer? mongoDb;
    private RedisServer? redis;
    private RabbitMqServer? rabbitMq;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        Servers.Require();
        shared = new SharedSettings(folder, new("http://127.0.0.1:9"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (IAsyncDisposable?[])[rabbitMq, redis, mongoDb])
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }

        folder.Dispose();
    }

    [Theory]
    [InlineData("collector", "ConnectionStrings__MongoDb", Canary, "ConnectionStrings:MongoDb must be like mongodb://user:password@host:27017/?authSource=admin.")]
    [InlineData("quota-governor", "ConnectionStrings__Redis", "a:b:c,password=" + Canary, "ConnectionStrings:Redis must be like host:6379,password=….")]
    [InlineData("refresh-scheduler", "ConnectionStrings__RabbitMq", "amqp://me:" + Canary, "ConnectionStrings:RabbitMq must be amqp://user:password@host:port/vhost (port and vhost may be left out).")]
    [InlineData("normalizer", "ConnectionStrings__RabbitMq", "", "ConnectionStrings:RabbitMq is missing: in a cluster this service needs ConnectionStrings:MongoDb, ConnectionStrings:RabbitMq (each also as …_FILE); one process needs none of them.")]
    [InlineData("quota-governor", "ConnectionStrings__Redis_FILE", "/nowhere/" + Canary, "ConnectionStrings:Redis and ConnectionStrings:Redis_FILE are both set; only one of them is allowed.")]
    [InlineData("collector", "MESH_CALLER_KEY_FILE", "/nowhere/" + Canary, "MESH_CALLER_KEY_FILE names a file that cannot be read.")]
    [InlineData(Broker, "MESH_CREDENTIALS_KEY_FILE", "/nowhere/" + Canary, "The file that MESH_CREDENTIALS_KEY_FILE names cannot be read; it must hold 32 bytes as base64.")]
    [InlineData(Broker, "MESH_CREDENTIALS_KEY_FILE", "", "MESH_CREDENTIALS_KEY_FILE is missing: in a cluster every token-broker needs the same key file.")]
    [InlineData(Broker, "TIKTOK_CLIENT_SECRET_FILE", "/nowhere/" + Canary, "TIKTOK_CLIENT_SECRET_FILE must name a file that can be read.")]
    [InlineData("normalizer", "PSEUDONYMIZATION_SALT_FILE", "/nowhere/" + Canary, "PSEUDONYMIZATION_SALT_FILE: the salt's file cannot be read.")]
    [InlineData("normalizer", "PSEUDONYMIZATION_SALT_FILE", "", "PSEUDONYMIZATION_SALT: a cluster needs one; give text of at least 32 UTF-8 bytes in PSEUDONYMIZATION_SALT or in the file that PSEUDONYMIZATION_SALT_FILE names.")]
    public async Task What_cannot_mend_itself_ends_the_process_with_one_line_and_the_exit_code_1(string service, string setting, string value, string line)
    {
        await using var process = Process(service, "mongodb://127.0.0.1:9/", "127.0.0.1:9", "amqp://me:it@127.0.0.1:9/");
        process.Environment[setting] = value;
        process.Start();

        (await process.ExitAsync(LongestWait)).ShouldBe(1, process.Log);

        process.Log.Trim().ShouldBe(line);
    }

    [Fact]
    public async Task A_process_that_finds_no_server_names_each_and_is_ready_when_they_have_come()
    {
        await StartServersAsync();
        var address = await rabbitMq!.NewVirtualHostAsync();
        await Task.WhenAll(mongoDb!.KillAsync(), redis!.KillAsync(), rabbitMq.KillAsync());
        await using var process = Process(Broker, mongoDb.ConnectionString, redis.ConnectionString, address);
        process.Start();

        var (mongoDbIsAway, redisIsAway, rabbitMqIsAway) = (
            $"MongoDB at 127.0.0.1:{mongoDb.Port} cannot be reached", $"Redis at 127.0.0.1:{redis.Port} cannot be reached", $"RabbitMQ at {PlaceOf(address)} cannot be reached");
        await UntilMissingAsync(process, [mongoDbIsAway, redisIsAway, rabbitMqIsAway]);
        await mongoDb.RestartAsync();
        await UntilMissingAsync(process, [redisIsAway, rabbitMqIsAway]);
        await redis.RestartAsync();
        await UntilMissingAsync(process, [rabbitMqIsAway]);
        await rabbitMq.RestartAsync();
        await process.ReadyAsync(LongestWait, Token);

        CheckLog(process);
    }

    [Fact]
    public async Task A_process_with_wrong_passwords_says_who_refuses_it_and_is_ready_when_they_know_them()
    {
        await StartServersAsync();
        var address = new UriBuilder(await rabbitMq!.NewVirtualHostAsync());
        var virtualHost = address.Path.Trim('/');
        await rabbitMq.ControlAsync("add_user", "mesh", password);
        await rabbitMq.ControlAsync("set_permissions", "-p", virtualHost, "mesh", ".*", ".*", ".*");
        address.UserName = "mesh";
        address.Password = Canary;
        await using var process = Process(Broker, mongoDb!.ConnectionStringWith(Canary), $"127.0.0.1:{redis!.Port},password={Canary}", address.ToString());
        process.Start();

        var (mongoDbRefuses, redisRefuses, rabbitMqRefuses) = (
            $"MongoDB at 127.0.0.1:{mongoDb.Port} refuses the user or the password",
            $"Redis at 127.0.0.1:{redis.Port} refuses the password",
            $"RabbitMQ at {PlaceOf(address.ToString())} refuses the user name or the password");
        await UntilMissingAsync(process, [mongoDbRefuses, redisRefuses, rabbitMqRefuses]);
        await mongoDb.ChangePasswordAsync(Canary);
        await UntilMissingAsync(process, [redisRefuses, rabbitMqRefuses]);
        await redis.SayAsync("CONFIG", "SET", "requirepass", Canary);
        await UntilMissingAsync(process, [rabbitMqRefuses]);
        await rabbitMq.ControlAsync("change_password", "mesh", Canary);
        await process.ReadyAsync(LongestWait, Token);

        CheckLog(process);
    }

    [Fact]
    public async Task A_newer_schema_is_not_touched_until_it_is_ours_and_an_older_one_becomes_ours()
    {
        const string Service = "quota-governor";
        await StartServersAsync();
        var meta = mongoDb!.Client.GetDatabase(Service).GetCollection<BsonDocument>("meta");
        await meta.InsertOneAsync(new BsonDocument { { "_id", "schema" }, { "version", 999 } }, cancellationToken: Token);
        await using var process = Process(Service, mongoDb.ConnectionString, redis!.ConnectionString, await rabbitMq!.NewVirtualHostAsync());
        process.Start();

        await UntilMissingAsync(process, [$"The database {Service} has schema 999, this version knows up to 1; use the version that wrote it or a newer one"]);
        (await (await mongoDb.Client.GetDatabase(Service).ListCollectionNamesAsync(cancellationToken: Token)).ToListAsync(Token)).ShouldBe(["meta"]);
        await meta.UpdateOneAsync(new BsonDocument("_id", "schema"), new BsonDocument("$set", new BsonDocument("version", 0)), cancellationToken: Token);
        await process.ReadyAsync(LongestWait, Token);

        (await meta.Find(new BsonDocument()).SingleAsync(Token))["version"].AsInt32.ShouldBe(1);
        CheckLog(process);
    }

    [Fact]
    public async Task Another_salt_than_the_stores_keeps_the_process_from_being_ready()
    {
        await StartServersAsync();
        await using var process = Process("normalizer", mongoDb!.ConnectionString, redis!.ConnectionString, await rabbitMq!.NewVirtualHostAsync());
        process.Start();
        await process.ReadyAsync(LongestWait, Token);
        (await process.StopAsync()).ShouldBe(0, process.Log);

        var right = process.Environment["PSEUDONYMIZATION_SALT_FILE"];
        process.Environment["PSEUDONYMIZATION_SALT_FILE"] = shared.Keep("other.salt", Canary + Canary);
        process.Start();
        await UntilMissingAsync(process, ["PSEUDONYMIZATION_SALT: another salt or Normalizer:PseudonymScheme than the one that made the pseudonyms in this store; only that one is allowed"]);
        (await process.StopAsync()).ShouldBe(0, process.Log);

        process.Environment["PSEUDONYMIZATION_SALT_FILE"] = right;
        process.Start();
        await process.ReadyAsync(LongestWait, Token);
        CheckLog(process, lives: 3);
    }

    private static string PlaceOf(string rabbitMq) => new Uri(rabbitMq) is var address ? $"{address.Authority}{address.AbsolutePath}" : "";

    /// <summary>It runs, and exactly this is missing.</summary>
    private static async Task UntilMissingAsync(ServiceProcess process, IReadOnlyList<string> lines)
    {
        var begun = TimeProvider.System.GetTimestamp();
        string? missing;
        while ((missing = await process.MissingAsync(Token)) is null || missing.Length != string.Join("; ", lines).Length || !lines.All(missing.Contains))
        {
            process.IsRunning.ShouldBeTrue(process.Log);
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(LongestWait, $"Missing is {missing}, and it wrote:\n{process.Log}");
            await Task.Delay(Look, TimeProvider.System, Token);
        }
    }

    /// <summary>Each thing is said once in a life, without a stack trace and without what nobody should see.</summary>
    private void CheckLog(ServiceProcess process, int lives = 1)
    {
        var lines = process.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var missing = lines.Where(line => line.Contains(" is not ready: ", StringComparison.Ordinal)).Select(line => line[line.IndexOf(' ', StringComparison.Ordinal)..]).ToList();
        missing.CountBy(line => line, StringComparer.Ordinal).ShouldAllBe(said => said.Value <= lives, process.Log);
        lines.ShouldNotContain(line => line.StartsWith("   at ", StringComparison.Ordinal), process.Log);
        foreach (var secret in (string[])[Canary, password, shared.InternalKey, SharedSettings.Salt])
        {
            process.Log.ShouldNotContain(secret);
        }
    }

    private async Task StartServersAsync()
    {
        async Task StartMongoDbAsync() => mongoDb = await MongoTestServer.StartWithLoginAsync();
        async Task StartRedisAsync() => redis = await RedisServer.StartAsync(password);
        async Task StartRabbitMqAsync() => rabbitMq = await RabbitMqServer.StartAsync();
        await Task.WhenAll(StartMongoDbAsync(), StartRedisAsync(), StartRabbitMqAsync());
    }

    private ServiceProcess Process(string service, string mongoDbString, string redisString, string rabbitMqString)
    {
        var process = new ServiceProcess(service, 0, folder.Path);
        foreach (var (name, value) in shared.Environment)
        {
            process.Environment[name] = value;
        }

        foreach (var other in ServiceProcess.Services.Where(other => other != service))
        {
            process.Environment[string.Create(CultureInfo.InvariantCulture, $"Services__{other}")] = "http://127.0.0.1:9";
        }

        process.Environment["ConnectionStrings__MongoDb"] = mongoDbString;
        process.Environment["ConnectionStrings__Redis"] = redisString;
        process.Environment["ConnectionStrings__RabbitMq"] = rabbitMqString;
        return process;
    }
}
