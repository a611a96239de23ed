using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.TokenBroker;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>What the connection strings make of the governor and the broker. The hosts are built, and not started: no broker of events is needed.</summary>
public sealed class ClusterModuleTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private MongoTestServer mongo = null!;

    public async ValueTask InitializeAsync()
    {
        mongo = await MongoTestServer.StartAsync();
        File.WriteAllText(folder.PathOf("key"), Convert.ToBase64String(new byte[32]));
    }

    public async ValueTask DisposeAsync()
    {
        await mongo.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task With_all_three_both_keep_everything_in_MongoDB_and_Redis_and_nothing_in_files()
    {
        await using var app = Build("MongoDb Redis RabbitMq");
        var store = app.Services.GetRequiredService<IQuotaStore>();
        (await store.ReserveAsync(new(new("lab", "one", QuotaBucket.Research), Priority.Interactive, "id"), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>();
        await Environment(app).StartAsync(CancellationToken.None);
        (await app.Services.GetRequiredService<ICredentialStore>().FindAsync(new("default", EnvironmentCredential.Id), CancellationToken.None)).ShouldNotBeNull();
        app.Services.GetRequiredService<IRenewalLock>().ShouldBeOfType<RedisRenewalLock>();
        Directory.GetFiles(folder.Path, "*.db").ShouldBeEmpty();
    }

    [Fact]
    public async Task With_none_both_keep_everything_in_files()
    {
        await using var app = Build("");
        app.Services.GetRequiredService<IQuotaStore>().ShouldBeOfType<SqliteQuotaStore>();
        app.Services.GetRequiredService<ICredentialStore>().ShouldBeOfType<SqliteCredentialStore>();
        app.Services.GetRequiredService<IRenewalLock>().ShouldBeOfType<ProcessRenewalLock>();
    }

    [Fact]
    public void With_some_the_start_is_refused() =>
        Should.Throw<StartRefusedException>(() => Build("MongoDb RabbitMq")).Message.ShouldStartWith("ConnectionStrings:Redis is missing");

    [Fact]
    public async Task Brokers_of_a_cluster_need_the_same_key_file()
    {
        await using var app = Build("MongoDb Redis RabbitMq", ("MESH_CREDENTIALS_KEY_FILE", ""));
        Should.Throw<OptionsValidationException>(() => app.Services.GetRequiredService<IOptions<TokenBrokerOptions>>().Value).Message.ShouldContain("MESH_CREDENTIALS_KEY_FILE is missing");
    }

    [Fact]
    public async Task Without_MongoDB_the_environments_credential_waits_and_the_checks_say_what_is_missing()
    {
        await mongo.KillAsync();
        await using var app = Build("MongoDb Redis RabbitMq");
        await Environment(app).StartAsync(CancellationToken.None);
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(CancellationToken.None);
        report.Entries.Where(entry => entry.Key.EndsWith("in MongoDB", StringComparison.Ordinal) && entry.Value.Status is HealthStatus.Unhealthy).Select(entry => entry.Value.Description)
            .ShouldBe(Enumerable.Repeat($"MongoDB at 127.0.0.1:{mongo.Port} cannot be reached.", 2));
        await mongo.RestartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90), TimeProvider.System);
        while (await FindAsync() is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }

        await Environment(app).StopAsync(CancellationToken.None);

        async Task<SealedCredential?> FindAsync()
        {
            try
            {
                return await app.Services.GetRequiredService<ICredentialStore>().FindAsync(new("default", EnvironmentCredential.Id), limit.Token);
            }
            catch (MeshException)
            {
                return null;
            }
        }
    }

    private static IHostedService Environment(WebApplication app) => app.Services.GetServices<IHostedService>().Single(service => service is EnvironmentCredential);

    private WebApplication Build(string servers, params (string Name, string? Value)[] settings)
    {
        var strings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MongoDb"] = mongo.ConnectionStringWith(null),
            ["Redis"] = redis.Server.ConnectionStringAt(redis.Server.Port),
            ["RabbitMq"] = "amqp://guest:guest@127.0.0.1:1/",
        };
        var all = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mesh:DataFolder"] = folder.Path,
            ["MESH_CREDENTIALS_KEY_FILE"] = folder.PathOf("key"),
            ["TIKTOK_CLIENT_KEY"] = "key",
            ["TIKTOK_CLIENT_SECRET"] = "secret",
        };
        foreach (var server in servers.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            all[$"ConnectionStrings:{server}"] = strings[server];
        }

        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return DefaultsHost.Build(
            builder =>
            {
                builder.AddQuotaGovernor();
                builder.AddTokenBroker();
            },
            settings: all,
            services: ["quota-governor", "token-broker"]).App;
    }
}
