using IssueObservatory.Mesh.RefreshScheduler;

namespace IssueObservatory.Mesh.Tests.Contracts.RefreshScheduler;

public sealed class SqliteRefreshStoreTests : RefreshStoreContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-refresh-store-").FullName;
    private readonly List<SqliteRefreshStore> stores = [];

    public void Dispose()
    {
        stores.ForEach(store => store.Dispose());
        Directory.Delete(folder, recursive: true);
    }

    private protected override IRefreshStore Open()
    {
        var store = new SqliteRefreshStore(Path.Combine(folder, "refresh-scheduler.db"));
        stores.Add(store);
        return store;
    }
}
