using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// The names, in a database of their own. Each document is written by one conditional update; writing is idempotent and later readings win,
/// so a page may be written again after a crash, and a process that was paused changes nothing late.
/// </summary>
internal sealed class MongoNames(MongoStore store, MongoScan scan)
{
    private const int DuplicateKey = 11000;
    private const int OldProfilesPerBatch = 500;

    public async Task KeepAsync(string labId, NormalizedPage page, CancellationToken cancellationToken)
    {
        ReplaceOneModel<BsonDocument>[] writes =
        [
            .. page.NamedItems.Select(item => Of(labId, item)).Select(names => new ReplaceOneModel<BsonDocument>(
                new BsonDocument { ["_id"] = names["_id"], ["read"] = new BsonDocument("$lt", names["read"]) },
                names)
            { IsUpsert = true }),
        ];
        if (writes.Length > 0)
        {
            await store.UseAsync(database => WriteAsync(database.GetCollection<BsonDocument>(MongoRecordSchema.Names), writes, cancellationToken), cancellationToken);
        }
    }

    public async Task<IReadOnlyList<ViewedItem>> AddToAsync(string labId, IReadOnlyList<ViewedItem> items, CancellationToken cancellationToken)
    {
        string[] keys = [.. items.Where(item => item.MayBeNamed).Select(item => MongoRecordDocuments.RecordKey(labId, item.Stored.Key))];
        if (keys.Length == 0)
        {
            return items;
        }

        var names = await scan.FindAsync(MongoRecordSchema.Names, MongoRecordQueries.ById(keys), cancellationToken);
        return ViewedItem.WithNames(items, names.ToDictionary(name => name["platform_id"].AsString, NamesOf, StringComparer.Ordinal));
    }

    public async Task<IReadOnlyList<OldProfile>> ListOldProfilesAsync(CancellationToken cancellationToken) =>
        [.. (await scan.FindAsync(MongoRecordSchema.OldProfiles, new(new BsonDocument()) { Limit = OldProfilesPerBatch }, cancellationToken)).Select(OldProfileOf)];

    public Task ForgetAsync(OldProfile profile, CancellationToken cancellationToken) =>
        store.UseAsync(
            database => database.GetCollection<BsonDocument>(MongoRecordSchema.OldProfiles).DeleteOneAsync(new BsonDocument("_id", MongoKey.Of(profile.LabId, profile.Username)), cancellationToken),
            cancellationToken);

    private static OldProfile OldProfileOf(BsonDocument profile)
    {
        string[] key = [.. profile["_id"].AsString.Split('/').Select(Uri.UnescapeDataString)];
        var read = profile["read"].AsString.Split(' ');
        return new(key[0], key[1], profile["document"].AsString, long.Parse(read[0], CultureInfo.InvariantCulture), read[1]);
    }

    private static async Task<bool> WriteAsync(IMongoCollection<BsonDocument> collection, ReplaceOneModel<BsonDocument>[] writes, CancellationToken cancellationToken)
    {
        try
        {
            await collection.BulkWriteAsync(writes, new BulkWriteOptions { IsOrdered = false }, cancellationToken);
            return true;
        }
        catch (MongoBulkWriteException<BsonDocument> refused) when (refused.WriteConcernError is null && refused.WriteErrors.All(error => error.Code == DuplicateKey))
        {
            // There is this reading already, or a later one.
            return true;
        }
    }

    private static BsonDocument Of(string labId, NormalizedItem item) => new()
    {
        ["_id"] = MongoRecordDocuments.RecordKey(labId, item.Stored.Key),
        ["platform_id"] = item.Stored.Key,
        ["username"] = Text(item.Names!.Username),
        ["other_username"] = Text(item.Names.OtherUsername),
        ["fields"] = Text(item.Names.FieldsText),
        ["read"] = Reading(item.Stored.Version),
    };

    /// <summary>What an older version wrote has a user name only.</summary>
    private static KeptNames NamesOf(BsonDocument names) =>
        new(TextOf(names, "username"), TextOf(names, "other_username"), TextOf(names, "fields") is { } fields ? StoredItemJson.ReadFields(fields) : null);

    private static BsonValue Text(string? text) => text is null ? BsonNull.Value : text;

    private static string? TextOf(BsonDocument names, string field) => names.TryGetValue(field, out var value) && !value.IsBsonNull ? value.AsString : null;

    /// <summary>A reading as text whose order is the order of readings; the space comes before every character of a page's id.</summary>
    private static string Reading(ReadVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version.At:D14} {version.Page} {version.Position:D5}");
}
