using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using MongoDB.Driver;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Processes that collect: one document for each name, every change of it one update.</summary>
internal sealed partial class MongoCollectorStore
{
    public Task<Holder> RegisterAsync(string instance, CancellationToken cancellationToken) =>
        store.UseAsync(
            async database =>
            {
                var registered = await InstancesOf(database).FindOneAndUpdateAsync<BsonDocument>(
                    new BsonDocument("_id", instance),
                    new BsonDocument { ["$inc"] = new BsonDocument("epoch", 1L), ["$set"] = new BsonDocument("beats", 0L) },
                    new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After },
                    cancellationToken);
                return new Holder(instance, registered["epoch"].AsInt64);
            },
            cancellationToken);

    public Task<bool> BeatAsync(Holder holder, CancellationToken cancellationToken) =>
        store.UseAsync(
            async database => (await InstancesOf(database).UpdateOneAsync(
                new BsonDocument { ["_id"] = holder.Instance, ["epoch"] = holder.Epoch },
                new BsonDocument("$inc", new BsonDocument("beats", 1L)),
                cancellationToken: cancellationToken)).MatchedCount == 1,
            cancellationToken);

    public Task<IReadOnlyList<Heartbeat>> ListHeartbeatsAsync(CancellationToken cancellationToken) =>
        store.UseAsync<IReadOnlyList<Heartbeat>>(
            async database => [.. (await InstancesOf(database).Find(new BsonDocument()).ToListAsync(cancellationToken)).Select(each => new Heartbeat(new(each["_id"].AsString, each["epoch"].AsInt64), each["beats"].AsInt64))],
            cancellationToken);

    private static async Task<long> EpochOfAsync(MongoReading lab, string instance, CancellationToken cancellationToken) =>
        await lab.FindAsync(Instances, instance, cancellationToken) is { } known ? known["epoch"].AsInt64 : 0;

    private static IMongoCollection<BsonDocument> InstancesOf(IMongoDatabase database) => database.GetCollection<BsonDocument>(Instances);
}
