using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using MongoDB.Driver;
using static IssueObservatory.Mesh.Collector.MongoCollectorDocuments;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Whether TikTok answers at all: one document for every lab, changed only by whoever has read it as it is.</summary>
internal sealed partial class MongoCollectorStore
{
    private const string TheOutage = "tiktok";

    public Task<Outage> ReadOutageAsync(CancellationToken cancellationToken) =>
        store.UseAsync(async database => (await FindOutageAsync(database, cancellationToken)).Known, cancellationToken);

    public Task<(Outage Known, bool IsChanged)> ChangeOutageAsync(Func<Outage, Outage?> change, CancellationToken cancellationToken) =>
        store.UseAsync(
            async database =>
            {
                while (true)
                {
                    var (before, version) = await FindOutageAsync(database, cancellationToken);
                    if (change(before) is not { } after || ReferenceEquals(after, before))
                    {
                        return (before, false);
                    }

                    var changed = await OutageOf(database).UpdateOneAsync(
                        new BsonDocument { ["_id"] = TheOutage, ["version"] = version },
                        new BsonDocument("$set", new BsonDocument { ["version"] = version + 1, ["record"] = Of(after) }),
                        cancellationToken: cancellationToken);
                    if (changed.MatchedCount == 1)
                    {
                        return (after, true);
                    }
                }
            },
            cancellationToken);

    private static async Task<(Outage Known, long Version)> FindOutageAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        var found = await OutageOf(database).Find(new BsonDocument("_id", TheOutage)).FirstOrDefaultAsync(cancellationToken)
            ?? await OutageOf(database).FindOneAndUpdateAsync<BsonDocument>(
                new BsonDocument("_id", TheOutage),
                new BsonDocument("$setOnInsert", new BsonDocument { ["version"] = 0L, ["record"] = Of(Outage.None) }),
                new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After },
                cancellationToken);
        return (ReadOutage(found), found["version"].AsInt64);
    }

    private static IMongoCollection<BsonDocument> OutageOf(IMongoDatabase database) => database.GetCollection<BsonDocument>(MongoCollectorSchema.Outage);
}
