using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.RefreshScheduler;

namespace IssueObservatory.Mesh.Tests.Contracts.RefreshScheduler;

public sealed class MongoRefreshStoreTests(MongoTestServer server) : RefreshStoreContract, IClassFixture<MongoTestServer>, IDisposable
{
    private readonly MongoSchema schema = MongoRefreshSchema.Database with { Database = server.NewDatabaseName() };
    private readonly List<IDisposable> opened = [];

    public void Dispose() => opened.ForEach(one => one.Dispose());

    /// <summary>The test server takes minutes for ten thousand.</summary>
    private protected override int LargestCheck => MongoTestServer.IsReal ? RefreshBatch.LargestCheck : 1_000;

    private protected override IRefreshStore Open()
    {
        var connection = server.Connect();
        var store = new MongoStore(connection, schema, TimeProvider.System);
        opened.AddRange([store, connection]);
        return new MongoRefreshStore(store);
    }
}
