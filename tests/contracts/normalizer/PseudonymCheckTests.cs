using IssueObservatory.Mesh.Contracts.Defaults;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shouldly;
using static IssueObservatory.Mesh.Tests.Normalizer.SamplePages;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>Replicas of one normalizer and their salt.</summary>
public sealed class PseudonymCheckTests : IAsyncLifetime
{
    private const string Salt = "a salt of the tests with enough bytes";
    private MongoTestServer server = null!;
    private MongoRecordDatabases databases = null!;

    public async ValueTask InitializeAsync()
    {
        server = await MongoTestServer.StartAsync();
        databases = new(server);
    }

    public async ValueTask DisposeAsync()
    {
        databases.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Replicas_with_one_salt_are_ready_and_one_with_another_is_not_and_stays()
    {
        var (one, two, other) = (Replica(Salt), Replica(Salt), Replica(Salt + "!"));
        await Task.WhenAll(one.RequireAsync(CancellationToken.None), two.RequireAsync(CancellationToken.None));

        await other.StartingAsync(CancellationToken.None);
        var health = await other.CheckHealthAsync(new(), CancellationToken.None);
        health.Status.ShouldBe(HealthStatus.Unhealthy);
        health.Description.ShouldNotBeNull().ShouldStartWith("PSEUDONYMIZATION_SALT: another salt");
        health.Description.ShouldNotContain(Salt);
        (await Should.ThrowAsync<MeshException>(other.RequireAsync(CancellationToken.None))).Reason.ShouldBe(ErrorReason.Unavailable);
        (await one.CheckHealthAsync(new(), CancellationToken.None)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Replicas_that_begin_at_once_agree_on_one_salt()
    {
        var replicas = Enumerable.Range(0, 8).Select(number => Replica($"{Salt}{number}")).ToList();
        var good = await Task.WhenAll(replicas.Select(replica => Task.Run(async () => (await replica.CheckHealthAsync(new(), CancellationToken.None)).Status is HealthStatus.Healthy)));
        good.Count(healthy => healthy).ShouldBe(1);
    }

    [Fact]
    public async Task A_store_that_is_away_stops_no_start_and_is_asked_again()
    {
        await server.KillAsync();
        var replica = Replica(Salt);
        await replica.StartingAsync(CancellationToken.None);
        (await replica.CheckHealthAsync(new(), CancellationToken.None)).Description.ShouldNotBeNull().ShouldContain("cannot be reached");
        await server.RestartAsync();
        (await replica.CheckHealthAsync(new(), CancellationToken.None)).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public void The_cluster_s_connection_strings_choose_mongodb_and_may_put_the_names_elsewhere()
    {
        using var folder = new TemporaryFolder();
        StoreOf(folder, []).ShouldBeOfType<SqliteRecordStore>();
        Dictionary<string, string?> cluster = new(StringComparer.Ordinal)
        {
            ["ConnectionStrings:MongoDb"] = server.ConnectionString,
            ["ConnectionStrings:Redis"] = "127.0.0.1:1",
            ["ConnectionStrings:RabbitMq"] = "amqp://mesh:mesh@127.0.0.1:1",
        };
        StoreOf(folder, cluster).ShouldBeOfType<MongoRecordStore>();
        cluster["ConnectionStrings:MongoDbIdentified"] = "no connection string";
        Should.Throw<StartRefusedException>(() => StoreOf(folder, cluster)).Message.ShouldContain("ConnectionStrings:MongoDbIdentified");
    }

    private static IRecordStore StoreOf(TemporaryFolder folder, Dictionary<string, string?> settings)
    {
        var (app, _) = DefaultsHost.Build(
            builder =>
            {
                builder.Services.AddSingleton(new DataFolder(folder.Path));
                builder.AddNormalizer();
            },
            settings: settings,
            services: "normalizer");
        using var scope = app.Services.CreateScope();
        return scope.ServiceProvider.GetRequiredService<IRecordStore>();
    }

    private PseudonymCheck Replica(string salt)
    {
        var store = databases.Open();
        var pseudonyms = new AuthorPseudonyms(PseudonymScheme.Sha256, salt);
        return new(() => pseudonyms, () => store, () => new(store, new(pseudonyms, new UndeterminedLanguage(), new()), TimeProvider.System), stopsStart: false);
    }
}
