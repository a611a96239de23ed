using System.Security.Cryptography;
using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Bodies of raw pages. Each is written once and never changed, before the change that speaks of it; when that change never comes, because the process
/// died, a body is left that no page speaks of: an answer that TikTok gave and that nobody lost.
/// </summary>
internal sealed class MongoPageBodies(MongoStore store)
{
    private const int DuplicateKey = 11000;
    private const int InPart = 8 * 1024 * 1024;

    /// <summary>Makes the body durable; returns in how many parts. The same again changes nothing.</summary>
    public async Task<int> WriteAsync(RawPage page, CancellationToken cancellationToken)
    {
        var parts = PageBody.Pack(page.Body).Chunk(InPart).ToList();
        foreach (var (data, part) in parts.Select((data, part) => (data, part)))
        {
            var document = new BsonDocument { ["_id"] = KeyOf(page.LabId, page.PageId, part), ["sha256"] = page.Sha256, ["data"] = new BsonBinaryData(data) };
            await store.UseAsync(database => InsertAsync(database, document, cancellationToken), cancellationToken);
        }

        return parts.Count;
    }

    /// <summary>The body byte for byte.</summary>
    /// <exception cref="InvalidDataException">It is not what was stored.</exception>
    public async Task<byte[]> ReadAsync(RawPage page, int parts, CancellationToken cancellationToken)
    {
        using var packed = new MemoryStream();
        for (var part = 0; part < parts; part++)
        {
            var key = KeyOf(page.LabId, page.PageId, part);
            var document = await store.UseAsync(database => Bodies(database).Find(new BsonDocument("_id", key)).FirstOrDefaultAsync(cancellationToken), cancellationToken)
                ?? throw new InvalidDataException($"Part {part} of the body of page {page.PageId} is missing.");
            packed.Write(document["data"].AsByteArray);
        }

        var body = PageBody.Unpack(packed.ToArray());
        return string.Equals(Convert.ToHexStringLower(SHA256.HashData(body)), page.Sha256, StringComparison.Ordinal)
            ? body
            : throw new InvalidDataException($"The body of page {page.PageId} is not the one that was stored.");
    }

    private static async Task<bool> InsertAsync(IMongoDatabase database, BsonDocument document, CancellationToken cancellationToken)
    {
        try
        {
            await Bodies(database).BulkWriteAsync([new InsertOneModel<BsonDocument>(document)], cancellationToken: cancellationToken);
            return true;
        }
        catch (MongoBulkWriteException<BsonDocument> refused) when (refused.WriteConcernError is null && refused.WriteErrors.All(error => error.Code == DuplicateKey))
        {
            return false;
        }
    }

    private static IMongoCollection<BsonDocument> Bodies(IMongoDatabase database) => database.GetCollection<BsonDocument>(MongoCollectorSchema.Bodies);

    private static string KeyOf(string labId, string pageId, int part) => MongoKey.Of(labId, pageId, $"{part:D4}");
}
