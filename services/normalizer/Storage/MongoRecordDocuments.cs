using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>How the records of a lab look as documents of MongoDB.</summary>
internal static class MongoRecordDocuments
{
    public static string RecordKey(string labId, string key) => MongoKey.Of(labId, key);

    public static string PageKey(string labId, string pageId) => MongoKey.Of(labId, pageId);

    public static string ItemKey(string labId, string itemId) => MongoKey.Of(labId, itemId);

    /// <summary>Where the matches of a clause's days begin and where they have ended.</summary>
    public static (string From, string To) MatchRange(string labId, string clauseId, SelectedDays days) =>
        (MongoKey.Under(labId, clauseId, Text(days.From)).From, MongoKey.Under(labId, clauseId, Text(days.To)).To);

    public static BsonDocument Of(string labId, KeptRecord record) => new()
    {
        ["_id"] = RecordKey(labId, record.Stored.Key),
        ["lab_id"] = labId,
        ["type"] = record.Stored.Type.Name(),
        ["sequence"] = record.Sequence,
        ["document"] = record.Document,
        ["matches"] = new BsonArray(record.Matches.Select(match => new BsonDocument
        {
            ["clause_id"] = match.ClauseId,
            ["day"] = match.Day,
            ["attributed"] = match.Attributed,
            ["first_sequence"] = match.FirstSequence,
        })),
    };

    public static KeptRecord RecordOf(BsonDocument record) =>
        new(StoredOf(record), record["document"].AsString, record["sequence"].AsInt64, MatchesOf(record));

    public static StoredItem StoredOf(BsonDocument record) => StoredItemJson.Read(TypeOf(record), record["document"].AsString);

    /// <summary>Of a record or a match.</summary>
    public static StoredType TypeOf(BsonDocument document) => document.TryGetValue("type", out var type) ? StoredTypes.Of(type.AsString) : StoredType.Video;

    public static IReadOnlyList<MatchRow> MatchesOf(BsonDocument record) =>
    [
        .. record["matches"].AsBsonArray.Select(match =>
            new MatchRow(match["clause_id"].AsString, match["day"].AsInt32, match["attributed"].AsBoolean, match["first_sequence"].AsInt64)),
    ];

    public static BsonDocument Of(string labId, StoredItem stored, MatchRow match) => new()
    {
        ["_id"] = MongoKey.Of(labId, match.ClauseId, Text(match.Day), stored.Key),
        ["lab_id"] = labId,
        ["clause_id"] = match.ClauseId,
        ["day"] = match.Day,
        ["platform_id"] = stored.Key,
        ["type"] = stored.Type.Name(),
        ["attributed"] = match.Attributed,
        ["first_sequence"] = match.FirstSequence,
        ["published_at"] = stored.SortAt,
        ["language"] = stored.Language is { } language ? language : BsonNull.Value,
    };

    public static BsonDocument Of(string labId, string pageId, ObservationRow observation) => new()
    {
        ["_id"] = MongoKey.Of(
            labId, observation.Key, observation.Counts.Version.At.ToString("D13", CultureInfo.InvariantCulture), pageId, observation.Position.ToString("D5", CultureInfo.InvariantCulture)),
        ["views"] = Value(observation.Counts.Views),
        ["likes"] = Value(observation.Counts.Likes),
        ["shares"] = Value(observation.Counts.Shares),
        ["comments"] = Value(observation.Counts.Comments),
    };

    public static BsonDocument Of(string labId, string pageId, PageCounts counts, IEnumerable<int> held, long normalizedAt) => new()
    {
        ["_id"] = PageKey(labId, pageId),
        ["received"] = counts.Received,
        ["new_records"] = counts.New,
        ["updated_records"] = counts.Updated,
        ["unattributed"] = counts.Unattributed,
        ["quarantined"] = counts.Quarantined,
        ["held"] = new BsonArray(held),
        ["normalized_at"] = normalizedAt,
    };

    public static PageCounts CountsOf(BsonDocument page) =>
        new(page["received"].AsInt32, page["new_records"].AsInt32, page["updated_records"].AsInt32, page["unattributed"].AsInt32, page["quarantined"].AsInt32);

    public static IReadOnlyList<int> HeldOf(BsonDocument page) => [.. page["held"].AsBsonArray.Select(position => position.AsInt32)];

    public static BsonDocument Of(string labId, QuarantinedEntry entry) => new()
    {
        ["_id"] = ItemKey(labId, entry.ItemId),
        ["lab_id"] = labId,
        ["item_id"] = entry.ItemId,
        ["page_id"] = entry.PageId,
        ["position"] = entry.Position,
        ["reason"] = entry.Reason,
        ["quarantined_at"] = entry.QuarantinedAt.ToUnixTimeMilliseconds(),
        ["is_held"] = true,
    };

    public static QuarantinedEntry EntryOf(BsonDocument item) => new(
        item["item_id"].AsString,
        item["page_id"].AsString,
        item["position"].AsInt32,
        item["reason"].AsString,
        DateTimeOffset.FromUnixTimeMilliseconds(item["quarantined_at"].AsInt64));

    private static BsonValue Value(long? count) => count is { } number ? number : BsonNull.Value;

    /// <summary>Days of one width, so that their order as text is their order.</summary>
    private static string Text(int day) => day.ToString("D7", CultureInfo.InvariantCulture);
}
