using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

public class MongoCollectorStoreTests(MongoTestServer server) : CollectorStoreContract, IClassFixture<MongoTestServer>
{
    private readonly string database = server.NewDatabaseName();
    private readonly List<IDisposable> opened = [];
    private MongoCollectorStore? store;

    private protected override ICollectorStore Store => store ??= Open();

    private protected override ICollectorStore Beside(ICollectorStore store) => Open();

    private protected MongoCollectorStore Open()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:MongoDb", server.ConnectionString)]).Build();
        var connection = MongoConnection.Find(new(configuration), "MongoDb")!;
        var documents = new MongoStore(connection, MongoCollectorSchema.Of(database), TimeProvider.System);
        opened.AddRange([documents, connection]);
        return new(documents, Sample.Options);
    }

    protected override void Dispose(bool disposing)
    {
        opened.ForEach(each => each.Dispose());
        base.Dispose(disposing);
    }
}

/// <summary>The same with another process for every call.</summary>
public sealed class MongoCollectorStoreInTurnTests(MongoTestServer server) : MongoCollectorStoreTests(server)
{
    private readonly Dictionary<int, MongoCollectorStore> processes = [];
    private int calls;

    private protected override ICollectorStore Store
    {
        get
        {
            var process = calls++ % 2;
            if (!processes.TryGetValue(process, out var store))
            {
                store = Open();
                processes.Add(process, store);
            }

            return store;
        }
    }
}
