using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Makes the indexes of a database before its first use, and refuses one that a newer program has written.</summary>
internal sealed class MongoSchemaGuard(MongoSchema schema) : IDisposable
{
    private const string Collection = "meta";
    private const string Id = "schema";

    private readonly SemaphoreSlim checking = new(1, 1);
    private volatile bool isGood;

    /// <summary>Completes when the database can be used; looks only until it was good once.</summary>
    /// <exception cref="MeshException">A newer program has written it.</exception>
    public async Task RequireAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        if (isGood)
        {
            return;
        }

        await checking.WaitAsync(cancellationToken);
        try
        {
            if (!isGood)
            {
                await PrepareAsync(database, cancellationToken);
                isGood = true;
            }
        }
        finally
        {
            checking.Release();
        }
    }

    public void Dispose() => checking.Dispose();

    private async Task PrepareAsync(IMongoDatabase database, CancellationToken cancellationToken)
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
    }

    private static CreateIndexModel<BsonDocument> ModelOf(MongoIndex index) =>
        new(index.Keys, new CreateIndexOptions<BsonDocument> { Name = index.Name, Unique = index.Unique, PartialFilterExpression = index.Only! });
}
