using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using static IssueObservatory.Mesh.Normalizer.MongoRecordDocuments;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Every query over a lab's records. What does not go by <c>_id</c> has an index in <see cref="MongoRecordSchema"/>.</summary>
internal static class MongoRecordQueries
{
    /// <summary>The documents with these keys.</summary>
    public static MongoQuery ById(IEnumerable<string> keys) => new(new BsonDocument("_id", new BsonDocument("$in", new BsonArray(keys))));

    /// <summary>Records whose latest change lies behind <paramref name="after"/> and not behind <paramref name="last"/>, in its order.</summary>
    public static MongoQuery LatestChanges(string labId, long after, long last, int limit) =>
        new(new BsonDocument { ["lab_id"] = labId, ["sequence"] = new BsonDocument { ["$gt"] = after, ["$lte"] = last } }) { Sort = new("sequence", 1), Limit = limit };

    /// <summary>Matches of a selection's clauses on their days, in the order in which they came.</summary>
    public static MongoQuery Arrivals(string labId, RecordSelection selection, long after, long last, int limit) =>
        new(new BsonDocument
        {
            ["lab_id"] = labId,
            ["clause_id"] = new BsonDocument("$in", new BsonArray(selection.Clauses.Keys)),
            ["first_sequence"] = new BsonDocument { ["$gt"] = after, ["$lte"] = last },
            ["$or"] = new BsonArray(selection.Clauses.Select(clause => new BsonDocument
            {
                ["clause_id"] = clause.Key,
                ["day"] = new BsonDocument { ["$gte"] = clause.Value.From, ["$lte"] = clause.Value.To },
            })),
        })
        {
            Sort = new("first_sequence", 1),
            Limit = limit,
            Fields = new BsonDocument { ["platform_id"] = 1, ["first_sequence"] = 1, ["language"] = 1, ["type"] = 1 },
        };

    /// <summary>Items in quarantine behind <paramref name="after"/>, the oldest first.</summary>
    public static MongoQuery OldestFirst(string labId, QuarantineCursor? after, int limit)
    {
        var filter = new BsonDocument { ["lab_id"] = labId, ["is_held"] = true };
        if (after is { } cursor)
        {
            filter["quarantined_at"] = new BsonDocument("$gte", cursor.At);
            filter["$or"] = new BsonArray
            {
                new BsonDocument("quarantined_at", new BsonDocument("$gt", cursor.At)),
                new BsonDocument("_id", new BsonDocument("$gt", ItemKey(labId, cursor.ItemId))),
            };
        }

        return new(filter) { Sort = new BsonDocument { ["quarantined_at"] = 1, ["_id"] = 1 }, Limit = limit };
    }
}
