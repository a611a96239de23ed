using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// What a change will write, kept with the decision that it happens, so that whoever finds it half done can finish it.
/// A small one lies in the ledger itself, a large one in documents of its own that are written before.
/// </summary>
internal sealed class MongoRedo(IMongoDatabase database)
{
    private const string Parts = "redo";
    private const int InLedger = 2 * 1024 * 1024;
    private const int InPart = 8 * 1024 * 1024;

    /// <summary>The record of a change that will be <paramref name="version"/>, as the ledger keeps it.</summary>
    public async Task<BsonDocument> PrepareAsync(string labId, long version, string changeId, MongoChange change, CancellationToken cancellationToken)
    {
        List<BsonArray> parts = [[]];
        var size = 0;
        foreach (var ((collection, _), document) in change.Puts)
        {
            document["v"] = version;
            var bytes = document.ToBson();
            if (size > 0 && size + bytes.Length > InPart)
            {
                parts.Add([]);
                size = 0;
            }

            size += bytes.Length;
            parts[^1].Add(new BsonDocument { ["c"] = collection, ["d"] = bytes });
        }

        if (parts.Count == 1 && size <= InLedger)
        {
            return new() { ["id"] = changeId, ["writes"] = parts[0] };
        }

        // What earlier changes left when their processes died before they were decided is of no use to anybody.
        var (first, _) = MongoKey.Under(labId);
        await Spilled.BulkWriteAsync(
            [
                new DeleteManyModel<BsonDocument>(new BsonDocument("_id", new BsonDocument { ["$gte"] = first, ["$lt"] = PartKey(labId, version - 1, "", 0) })),
                .. parts.Select((part, i) => new InsertOneModel<BsonDocument>(new() { ["_id"] = PartKey(labId, version, changeId, i), ["writes"] = part })),
            ],
            new BulkWriteOptions { IsOrdered = true },
            cancellationToken);
        return new() { ["id"] = changeId, ["parts"] = parts.Count };
    }

    /// <summary>The documents of a record, by collection; null when somebody has finished it meanwhile.</summary>
    public async Task<ILookup<string, BsonDocument>?> ReadAsync(string labId, long version, BsonDocument record, CancellationToken cancellationToken)
    {
        List<BsonValue> writes = [];
        if (record.Contains("writes"))
        {
            writes.AddRange(record["writes"].AsBsonArray);
        }
        else
        {
            for (var i = 0; i < record["parts"].AsInt32; i++)
            {
                if (await Spilled.Find(MongoStore.ById(PartKey(labId, version, record["id"].AsString, i))).FirstOrDefaultAsync(cancellationToken) is not { } part)
                {
                    return null;
                }

                writes.AddRange(part["writes"].AsBsonArray);
            }
        }

        return writes.ToLookup(write => write["c"].AsString, write => BsonSerializer.Deserialize<BsonDocument>(write["d"].AsByteArray), StringComparer.Ordinal);
    }

    /// <summary>The record is of no use any more.</summary>
    public async Task ForgetAsync(string labId, long version, BsonDocument record, CancellationToken cancellationToken)
    {
        if (record.Contains("parts"))
        {
            await Spilled.BulkWriteAsync(
                Enumerable.Range(0, record["parts"].AsInt32).Select(i => new DeleteOneModel<BsonDocument>(MongoStore.ById(PartKey(labId, version, record["id"].AsString, i)))),
                new BulkWriteOptions { IsOrdered = false },
                cancellationToken);
        }
    }

    private IMongoCollection<BsonDocument> Spilled => database.GetCollection<BsonDocument>(Parts);

    private static string PartKey(string labId, long version, string changeId, int part) => MongoKey.Of(labId, $"{version:D19}", changeId, $"{part:D4}");
}
