using IssueObservatory.Mesh.Contracts.Defaults;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using MongoDB.Bson;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>Two databases that nobody else has, and any number of stores over them, each with a connection of its own as each process has.</summary>
internal sealed class MongoRecordDatabases(MongoTestServer server) : IDisposable
{
    private readonly List<IDisposable> opened = [];

    public MongoSchema Records { get; } = MongoRecordSchema.Database with { Database = server.NewDatabaseName() };

    public MongoSchema Identified { get; } = MongoRecordSchema.Identified with { Database = server.NewDatabaseName() };

    public MongoRecordStore Open()
    {
        var connection = server.Connect();
        var (records, identified) = (new MongoStore(connection, Records, TimeProvider.System), new MongoStore(connection, Identified, TimeProvider.System));
        opened.AddRange([records, identified, connection]);
        return new(records, identified, TimeProvider.System);
    }

    public Task<List<BsonDocument>> AllAsync(string collection) => server.AllAsync(Records.Database, collection);

    public Task<List<BsonDocument>> AllNamesAsync() => server.AllAsync(Identified.Database, MongoRecordSchema.Names);

    public void Dispose()
    {
        opened.ForEach(one => one.Dispose());
        opened.Clear();
    }
}
