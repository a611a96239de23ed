using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

public sealed class MongoQuotaStoreTests(MongoTestServer server) : QuotaStoreContract, IClassFixture<MongoTestServer>
{
    private readonly MongoQuotaStores stores = new(server);

    private protected override IQuotaStore Open(QuotaGovernorOptions options, TimeProvider clock) => stores.Open(options, clock);

    protected override void Dispose(bool disposing)
    {
        stores.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Governors' stores over one database, each with a connection of its own as in a process of its own.</summary>
internal sealed class MongoQuotaStores(MongoTestServer server) : IDisposable
{
    private readonly List<IDisposable> opened = [];

    public MongoSchema Schema { get; init; } = MongoQuotaDocuments.Schema with { Database = server.NewDatabaseName() };

    /// <summary>A busy machine is no reason to fail: who tests how long a governor waits says so.</summary>
    public TimeSpan? Patience { get; init; } = TimeSpan.FromMinutes(2);

    public MongoQuotaStore Open(QuotaGovernorOptions options, TimeProvider clock)
    {
        var connection = server.Connect();
        var mongo = new MongoStore(connection, Schema, TimeProvider.System);
        var store = Patience is { } patience
            ? new MongoQuotaStore(mongo, options, new ShownTime(clock)) { Patience = patience }
            : new MongoQuotaStore(mongo, options, new ShownTime(clock));
        opened.AddRange([store, mongo, connection]);
        return store;
    }

    public void Dispose() => opened.ForEach(one => one.Dispose());
}
