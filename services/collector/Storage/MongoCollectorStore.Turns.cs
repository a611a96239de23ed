using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What callers have got: one document a lab.</summary>
internal sealed partial class MongoCollectorStore
{
    public Task<LabTurns> ReadTurnsAsync(string labId, CancellationToken cancellationToken) =>
        store.UseAsync(database => TurnsOf(database, labId).ReadAsync(cancellationToken), cancellationToken);

    public Task ChangeTurnsAsync(string labId, Func<LabTurns, LabTurns> change, CancellationToken cancellationToken) =>
        store.UseAsync(database => TurnsOf(database, labId).ChangeAsync(change, cancellationToken), cancellationToken);

    private static MongoSharedDocument<LabTurns> TurnsOf(IMongoDatabase database, string labId) =>
        new(database.GetCollection<BsonDocument>(MongoCollectorSchema.Turns), MongoKey.Of(labId), LabTurns.None);
}
