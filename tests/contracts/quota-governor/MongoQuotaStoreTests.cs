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

    public MongoSchema Schema { get; } = MongoQuotaDocuments.Schema with { Database = server.NewDatabaseName() };

    public MongoQuotaStore Open(QuotaGovernorOptions options, TimeProvider clock)
    {
        var connection = server.Connect();
        var mongo = new MongoStore(connection, Schema, TimeProvider.System);
        var store = new MongoQuotaStore(mongo, options, new ShownTime(clock));
        opened.AddRange([store, mongo, connection]);
        return store;
    }

    public void Dispose() => opened.ForEach(one => one.Dispose());
}
