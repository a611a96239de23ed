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

    public async Task KeepAsync(string labId, NormalizedPage page, CancellationToken cancellationToken)
    {
        await PutAsync(
            MongoRecordSchema.Names,
            page.NamedItems.Select(item => new BsonDocument
            {
                ["_id"] = MongoRecordDocuments.RecordKey(labId, item.Video.PlatformId),
                ["platform_id"] = item.Video.PlatformId,
                ["username"] = item.Username,
                ["read"] = Reading(item.Video.Version),
            }),
            cancellationToken);
        if (page.NamedProfile is { } profile)
        {
            await PutAsync(
                MongoRecordSchema.Profiles,
                [
                    new()
                    {
                        ["_id"] = MongoKey.Of(labId, profile.Username.ToLowerInvariant()),
                        ["document"] = profile.Document,
                        ["read"] = Reading(new(page.FetchedAt.ToUnixTimeMilliseconds(), page.PageId, 0)),
                    },
                ],
                cancellationToken);
        }
    }

    public async Task<IReadOnlyList<ViewedVideo>> AddToAsync(string labId, IReadOnlyList<ViewedVideo> videos, CancellationToken cancellationToken)
    {
        string[] keys = [.. videos.Where(video => video.MayBeNamed).Select(video => MongoRecordDocuments.RecordKey(labId, video.Video.PlatformId))];
        if (keys.Length == 0)
        {
            return videos;
        }

        var names = await scan.FindAsync(MongoRecordSchema.Names, MongoRecordQueries.ById(keys), cancellationToken);
        return ViewedVideo.WithNames(videos, names.ToDictionary(name => name["platform_id"].AsString, name => name["username"].AsString, StringComparer.Ordinal));
    }

    private async Task PutAsync(string collection, IEnumerable<BsonDocument> documents, CancellationToken cancellationToken)
    {
        ReplaceOneModel<BsonDocument>[] writes =
        [
            .. documents.Select(document => new ReplaceOneModel<BsonDocument>(
                new BsonDocument { ["_id"] = document["_id"], ["read"] = new BsonDocument("$lt", document["read"]) },
                document)
            { IsUpsert = true }),
        ];
        if (writes.Length > 0)
        {
            await store.UseAsync(database => WriteAsync(database.GetCollection<BsonDocument>(collection), writes, cancellationToken), cancellationToken);
        }
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

    /// <summary>A reading as text whose order is the order of readings; the space comes before every character of a page's id.</summary>
    private static string Reading(ReadVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"{version.At:D14} {version.Page} {version.Position:D5}");
}
