using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

public class SqliteCollectorStoreTests : CollectorStoreContract
{
    private readonly TemporaryFolder folder = new();
    private SqliteCollectorStore? opened;

    private protected override ICollectorStore Store => opened ??= Open();

    /// <summary>What a crash leaves is the file.</summary>
    private protected void Crash()
    {
        opened?.Dispose();
        opened = null;
    }

    protected override void Dispose(bool disposing)
    {
        Crash();
        folder.Dispose();
        base.Dispose(disposing);
    }

    private SqliteCollectorStore Open() => new(SqliteFile.Open(folder.PathOf("collector.db"), CollectorSchema.Steps), Sample.Options);
}

/// <summary>The same with a crash before every call.</summary>
public sealed class SqliteCollectorStoreCrashTests : SqliteCollectorStoreTests
{
    private protected override ICollectorStore Store
    {
        get
        {
            Crash();
            return base.Store;
        }
    }
}
