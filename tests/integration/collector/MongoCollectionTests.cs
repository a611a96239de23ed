using IssueObservatory.Mesh.Collector;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collections;

public sealed class MongoCollectionTests(MongoTestServer server) : CollectionTests, IClassFixture<MongoTestServer>
{
    private readonly MongoCollectorStores stores = new(server);

    /// <summary>The whole way is walked with SQLite; here it is what is written that differs.</summary>
    private protected override int CallsBetweenKills => 4;

    private protected override ICollectorStore OpenStore(string name) => stores.Open(name);

    private protected override ValueTask CloseAsync()
    {
        stores.Dispose();
        return ValueTask.CompletedTask;
    }
}
