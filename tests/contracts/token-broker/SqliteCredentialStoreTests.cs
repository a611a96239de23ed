using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.TokenBroker;

namespace IssueObservatory.Mesh.Tests.Broker;

public sealed class SqliteCredentialStoreTests : CredentialStoreContract
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteCredentialStore> opened = [];

    private protected override ICredentialStore Open()
    {
        var store = new SqliteCredentialStore(SqliteFile.Open(folder.PathOf("token-broker.db"), SqliteCredentialStore.Schema));
        opened.Add(store);
        return store;
    }

    protected override void Dispose(bool disposing)
    {
        opened.ForEach(store => store.Dispose());
        folder.Dispose();
        base.Dispose(disposing);
    }
}
