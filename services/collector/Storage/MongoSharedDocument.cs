using MongoDB.Bson;
using MongoDB.Driver;
using static IssueObservatory.Mesh.Collector.MongoCollectorDocuments;

namespace IssueObservatory.Mesh.Collector;

/// <summary>One document that every process changes: only by whoever has read it as it is.</summary>
/// <param name="Collection">Where it lies.</param>
/// <param name="Id">Its <c>_id</c>.</param>
/// <param name="None">What is known before anybody has changed it.</param>
internal sealed record MongoSharedDocument<T>(IMongoCollection<BsonDocument> Collection, string Id, T None)
    where T : class
{
    public async Task<T> ReadAsync(CancellationToken cancellationToken) => (await FindAsync(cancellationToken)).Known;

    /// <summary>Null or the same leaves it. Asked again when somebody else was faster.</summary>
    public async Task<(T Known, bool IsChanged)> ChangeAsync(Func<T, T?> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (before, version) = await FindAsync(cancellationToken);
            if (change(before) is not { } after || ReferenceEquals(after, before))
            {
                return (before, false);
            }

            var changed = await Collection.UpdateOneAsync(
                new BsonDocument { ["_id"] = Id, ["version"] = version },
                new BsonDocument("$set", new BsonDocument { ["version"] = version + 1, ["record"] = Write(after) }),
                cancellationToken: cancellationToken);
            if (changed.MatchedCount == 1)
            {
                return (after, true);
            }
        }
    }

    private async Task<(T Known, long Version)> FindAsync(CancellationToken cancellationToken)
    {
        var found = await Collection.Find(new BsonDocument("_id", Id)).FirstOrDefaultAsync(cancellationToken)
            ?? await Collection.FindOneAndUpdateAsync<BsonDocument>(
                new BsonDocument("_id", Id),
                new BsonDocument("$setOnInsert", new BsonDocument { ["version"] = 0L, ["record"] = Write(None) }),
                new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After },
                cancellationToken);
        return (Read<T>(found["record"]), found["version"].AsInt64);
    }
}
