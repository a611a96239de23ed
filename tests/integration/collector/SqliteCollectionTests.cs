using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Tests.Collections;

public sealed class SqliteCollectionTests : CollectionTests
{
    private readonly TemporaryFolder folder = new();

    private protected override ICollectorStore OpenStore(string name) => new SqliteCollectorStore(SqliteFile.Open(folder.PathOf($"{name}.db"), CollectorSchema.Steps), new());

    private protected override ValueTask CloseAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
