using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Makes the indexes of a database before its first use, and refuses one that a newer program has written.</summary>
internal sealed class MongoSchemaGuard(MongoSchema schema)
{
    private const string Collection = "meta";
    private const string Id = "schema";

    private readonly SingleFlight<string, bool> preparations = new();
    private volatile bool isGood;

    /// <summary>
    /// Completes when the database can be used; looks only until it was good once. Whoever comes while it is looked at hears what that found:
    /// if each looked for itself, the last of several would wait as many times as long for a server that is away.
    /// </summary>
    /// <exception cref="MeshException">A newer program has written it.</exception>
    public async Task RequireAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        if (!isGood)
        {
            isGood = await preparations.RunAsync(schema.Database, () => PrepareAsync(database, CancellationToken.None), cancellationToken);
        }
    }

    private async Task<bool> PrepareAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        var meta = database.GetCollection<BsonDocument>(Collection);
        var version = await meta.Find(MongoStore.ById(Id)).FirstOrDefaultAsync(cancellationToken) is { } known ? known["version"].AsInt32 : 0;
        if (version > schema.Version)
        {
            throw new MeshException(
                ErrorReason.Unavailable,
                $"The database {schema.Database} has schema {version}, this version knows up to {schema.Version}; use the version that wrote it or a newer one.");
        }

        foreach (var (collection, indexes) in schema.Indexes)
        {
            await database.GetCollection<BsonDocument>(collection).Indexes.CreateManyAsync(indexes.Select(ModelOf), cancellationToken);
        }

        if (version < schema.Version)
        {
            if (version > 0 && schema.Upgrade is { } upgrade)
            {
                await upgrade(database, cancellationToken);
            }

            await meta.BulkWriteAsync(
                [new UpdateOneModel<BsonDocument>(MongoStore.ById(Id), new BsonDocument("$max", new BsonDocument("version", schema.Version))) { IsUpsert = true }],
                cancellationToken: cancellationToken);
        }

        return true;
    }

    private static CreateIndexModel<BsonDocument> ModelOf(MongoIndex index) =>
        new(index.Keys, new CreateIndexOptions<BsonDocument> { Name = index.Name, Unique = index.Unique, PartialFilterExpression = index.Only! });
}
