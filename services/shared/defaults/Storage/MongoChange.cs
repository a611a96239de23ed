using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// One change of a lab on its way: reads what is there, and collects whole documents that will be there. All of them come to be, or none.
/// Nothing is deleted in a change: a paused process that wakes up later could bring it back. Documents that are no more are marked.
/// </summary>
public sealed class MongoChange : MongoReading
{
    private readonly Dictionary<(string Collection, string Id), BsonDocument> puts = [];

    internal MongoChange(IMongoDatabase database)
        : base(database)
    {
    }

    internal IReadOnlyDictionary<(string Collection, string Id), BsonDocument> Puts => puts;

    /// <summary>The document as this change leaves it, or null.</summary>
    public override async Task<BsonDocument?> FindAsync(string collection, string id, CancellationToken cancellationToken) =>
        puts.TryGetValue((collection, id), out var put) ? put.DeepClone().AsBsonDocument : await base.FindAsync(collection, id, cancellationToken);

    /// <summary>Makes the document or replaces the one with its <c>_id</c>, which must be text. The field <c>v</c> belongs to the store.</summary>
    public void Put(string collection, BsonDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        puts[(collection, document["_id"].AsString)] = document;
    }
}
