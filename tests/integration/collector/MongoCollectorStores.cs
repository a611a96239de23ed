using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.Configuration;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>The collector's store in MongoDB as each of several processes opens it.</summary>
internal sealed class MongoCollectorStores(MongoTestServer server) : IDisposable
{
    private readonly Dictionary<string, string> databases = new(StringComparer.Ordinal);
    private readonly List<IDisposable> opened = [];

    public ICollectorStore Open(string name)
    {
        if (!databases.TryGetValue(name, out var database))
        {
            database = server.NewDatabaseName();
            databases.Add(name, database);
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:MongoDb", server.ConnectionString)]).Build();
        var connection = MongoConnection.Find(new(configuration), "MongoDb")!;
        var documents = new MongoStore(connection, MongoCollectorSchema.Of(database), TimeProvider.System);
        opened.AddRange([documents, connection]);
        return new MongoCollectorStore(documents, new());
    }

    public void Dispose() => opened.ForEach(each => each.Dispose());
}
