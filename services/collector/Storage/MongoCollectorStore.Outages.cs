using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Whether TikTok answers at all: one document for every lab.</summary>
internal sealed partial class MongoCollectorStore
{
    public Task<Outage> ReadOutageAsync(CancellationToken cancellationToken) =>
        store.UseAsync(database => OutageOf(database).ReadAsync(cancellationToken), cancellationToken);

    public Task<(Outage Known, bool IsChanged)> ChangeOutageAsync(Func<Outage, Outage?> change, CancellationToken cancellationToken) =>
        store.UseAsync(database => OutageOf(database).ChangeAsync(change, cancellationToken), cancellationToken);

    private static MongoSharedDocument<Outage> OutageOf(IMongoDatabase database) => new(database.GetCollection<BsonDocument>(MongoCollectorSchema.Outage), "tiktok", Outage.None);
}
