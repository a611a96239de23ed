using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>One service's database: its collections with the indexes of the queries that exist. Documents are found by <c>_id</c> without any.</summary>
/// <param name="Database">Name of the database.</param>
/// <param name="Version">Rises with every change that an older program could not live with.</param>
/// <param name="Indexes">By collection; a collection that needs none besides <c>_id</c> is not named.</param>
public sealed record MongoSchema(string Database, int Version, IReadOnlyDictionary<string, IReadOnlyList<MongoIndex>> Indexes)
{
    /// <summary>Makes of what an earlier version wrote what this one reads; may run twice, and beside itself. Null: nothing is to be done.</summary>
    public Func<IMongoDatabase, CancellationToken, Task>? Upgrade { get; init; }
}

/// <summary>An index.</summary>
/// <param name="Name">Its name; says which query it is for.</param>
/// <param name="Keys">Fields in order, 1 rising or −1 falling.</param>
public sealed record MongoIndex(string Name, BsonDocument Keys)
{
    /// <summary>Whether two documents may not have the same keys.</summary>
    public bool Unique { get; init; }

    /// <summary>Only documents like this are in the index; null: all.</summary>
    public BsonDocument? Only { get; init; }
}
