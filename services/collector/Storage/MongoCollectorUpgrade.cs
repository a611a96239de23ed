using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using MongoDB.Driver;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>From version 1, which knew profiles and one budget only, to lists and two. Each write may happen twice.</summary>
internal static class MongoCollectorUpgrade
{
    private const string Profiles = "profiles";
    private const int Batch = 500;

    public static async Task RunAsync(IMongoDatabase database, CancellationToken cancellationToken)
    {
        var profiles = await database.GetCollection<BsonDocument>(Profiles).Find(new BsonDocument()).ToListAsync(cancellationToken);
        await WriteAsync(database, Lists, profiles.Select(ListOf), cancellationToken);
        var searches = await database.GetCollection<BsonDocument>(Searches).Find(new BsonDocument("bucket", new BsonDocument("$exists", false))).ToListAsync(cancellationToken);
        await WriteAsync(database, Searches, searches.Select(InBudget), cancellationToken);
    }

    private static UpdateOneModel<BsonDocument> ListOf(BsonDocument profile)
    {
        var outcome = profile["outcome"].AsString;
        var result = outcome switch { "ok" => ListResult.Read, "failed" => ListResult.Failed, _ => ListResult.Refused };
        var list = MongoCollectorDocuments.Of(labId: "", new ListRead
        {
            List = ListKey.Profile(profile["username"].AsString),
            Result = result,
            Reason = result is ListResult.Refused ? outcome : "",
            Items = result is ListResult.Read ? 1 : 0,
            ReadAt = new(profile["read_at"].ToUniversalTime(), TimeSpan.Zero),
        });

        // The lab is in the key: what lies before the name.
        var key = profile["_id"].AsString.Split('/');
        list.Remove("_id");
        list["v"] = profile.GetValue("v", 0L);
        return new(ById($"{key[0]}/{(int)ApiEndpoint.UserInfo}/{key[1]}"), new BsonDocument("$setOnInsert", list)) { IsUpsert = true };
    }

    private static UpdateOneModel<BsonDocument> InBudget(BsonDocument search)
    {
        var known = new BsonDocument("bucket", (int)QuotaBucket.Research);
        if (search.TryGetValue("profile", out var profile))
        {
            var key = profile.AsString.Split('/');
            known["list"] = $"{key[0]}/{(int)ApiEndpoint.UserInfo}/{key[1]}";
        }

        return new(ById(search["_id"].AsString), new BsonDocument("$set", known));
    }

    private static BsonDocument ById(string key) => new("_id", key);

    private static async Task WriteAsync(IMongoDatabase database, string collection, IEnumerable<UpdateOneModel<BsonDocument>> updates, CancellationToken cancellationToken)
    {
        foreach (var batch in updates.Chunk(Batch))
        {
            await database.GetCollection<BsonDocument>(collection).BulkWriteAsync(batch, cancellationToken: cancellationToken);
        }
    }
}
