using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

/// <summary>The gate changes no answer: the store behind it keeps every promise that it keeps alone.</summary>
public sealed class GatedQuotaStoreTests(MongoTestServer server, RedisFixture redis)
    : QuotaStoreContract, IClassFixture<MongoTestServer>, IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly MongoQuotaStores stores = new(server);
    private readonly RedisConnection connection = redis.Server.Connect();

    public async ValueTask InitializeAsync() => await redis.Server.FlushAllAsync();

    public async ValueTask DisposeAsync()
    {
        Dispose();
        await connection.DisposeAsync();
    }

    private protected override IQuotaStore Open(QuotaGovernorOptions options, TimeProvider clock) =>
        new GatedQuotaStore(stores.Open(options, clock), new RedisPaceGate(connection, clock));

    protected override void Dispose(bool disposing)
    {
        stores.Dispose();
        base.Dispose(disposing);
    }
}
