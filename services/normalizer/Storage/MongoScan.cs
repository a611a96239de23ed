using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// Reads much in small queries. Each asks for what lies behind the last, so no cursor has to live long, and a query whose answer or cursor is lost
/// is asked again where it began: nothing is left out and nothing comes twice. After some tries the reader gets UNAVAILABLE.
/// </summary>
internal sealed class MongoScan(MongoStore store, TimeProvider clock)
{
    private const int Tries = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The documents of a range of <c>_id</c>, in its order.</summary>
    public async IAsyncEnumerable<BsonDocument> RangeAsync(
        string collection, (string From, string To) range, BsonDocument fields, int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var bounds = new BsonDocument { ["$gte"] = range.From, ["$lt"] = range.To };
        List<BsonDocument> batch;
        do
        {
            batch = await FindAsync(collection, new(new BsonDocument("_id", bounds)) { Sort = new("_id", 1), Limit = batchSize, Fields = fields }, cancellationToken);
            foreach (var document in batch)
            {
                yield return document;
            }

            bounds = new() { ["$gt"] = batch.Count > 0 ? batch[^1]["_id"] : range.To, ["$lt"] = range.To };
        }
        while (batch.Count == batchSize);
    }

    /// <summary>The documents of a query that has a limit, or names each <c>_id</c>.</summary>
    public async Task<List<BsonDocument>> FindAsync(string collection, MongoQuery query, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await store.UseAsync(database => ReadAsync(database.GetCollection<BsonDocument>(collection), query, cancellationToken), cancellationToken);
            }
            catch (MeshException lost) when (lost.Reason is ErrorReason.Unavailable && tries < Tries)
            {
                await Task.Delay(Pause * tries, clock, cancellationToken);
            }
        }
    }

    private static Task<List<BsonDocument>> ReadAsync(IMongoCollection<BsonDocument> collection, MongoQuery query, CancellationToken cancellationToken)
    {
        // One answer holds it all unless it is larger than 16 MB.
        var find = collection.Find(query.Filter, new FindOptions { BatchSize = query.Limit > 0 ? query.Limit : null }).Limit(query.Limit > 0 ? query.Limit : null);
        find = query.Sort is { } sort ? find.Sort(sort) : find;
        return query.Fields is { } fields ? find.Project<BsonDocument>(fields).ToListAsync(cancellationToken) : find.ToListAsync(cancellationToken);
    }
}
