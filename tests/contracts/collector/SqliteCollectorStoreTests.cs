using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

public class SqliteCollectorStoreTests : CollectorStoreContract
{
    private readonly TemporaryFolder folder = new();
    private readonly SqlitePlans plans = new("instances", "turns", "support_notes");
    private SqliteFile? file;
    private SqliteCollectorStore? opened;

    private protected override ICollectorStore Store => opened ??= Open();

    private string Path => folder.PathOf("collector.db");

    /// <summary>What a crash leaves is the file.</summary>
    private protected void Crash()
    {
        if (file is not null)
        {
            plans.Watch(file);
        }

        opened?.Dispose();
        opened = null;
    }

    protected override void Dispose(bool disposing)
    {
        Crash();
        plans.Check(Path);
        folder.Dispose();
        base.Dispose(disposing);
    }

    private SqliteCollectorStore Open() => new(file = SqliteFile.Open(Path, CollectorSchema.Steps), Sample.Options);
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
