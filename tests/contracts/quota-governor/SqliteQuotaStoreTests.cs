using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;

namespace IssueObservatory.Mesh.Tests.Governor;

public sealed class SqliteQuotaStoreTests : QuotaStoreContract
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteQuotaStore> opened = [];

    private protected override IQuotaStore Open(QuotaGovernorOptions options, TimeProvider clock)
    {
        var store = new SqliteQuotaStore(SqliteFile.Open(folder.PathOf("quota-governor.db"), QuotaRows.Schema), options, clock);
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
