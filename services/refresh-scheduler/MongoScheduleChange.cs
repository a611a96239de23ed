using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using static IssueObservatory.Mesh.RefreshScheduler.MongoRefreshDocuments;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>One lab's schedule within one change: the documents that it concerns, read once, and the numbers that follow from them.</summary>
internal sealed class MongoScheduleChange
{
    private readonly MongoChange change;
    private readonly string labId;
    private readonly BsonDocument tally;
    private readonly Dictionary<string, BsonDocument> videos;

    private MongoScheduleChange(MongoChange change, string labId, BsonDocument tally, Dictionary<string, BsonDocument> videos)
    {
        this.change = change;
        this.labId = labId;
        this.tally = tally;
        this.videos = videos;
    }

    /// <summary>Reads what there is of these videos.</summary>
    public static async Task<MongoScheduleChange> ReadAsync(MongoChange change, string labId, IEnumerable<string> platformIds, CancellationToken cancellationToken)
    {
        var numbers = await change.FindAsync(MongoRefreshSchema.Tallies, labId, cancellationToken)
            ?? new() { ["_id"] = labId, ["scheduled"] = 0L, ["in_flight"] = 0L, ["open_batches"] = 0L, ["last_position"] = 0L };
        var known = await VideosAsync(change, labId, platformIds, cancellationToken);
        return new(change, labId, numbers, known.ToDictionary(video => video["platform_id"].AsString, StringComparer.Ordinal));
    }

    /// <summary>The documents of these videos.</summary>
    public static Task<List<BsonDocument>> VideosAsync(MongoReading reading, string labId, IEnumerable<string> platformIds, CancellationToken cancellationToken) =>
        reading.QueryAsync(
            MongoRefreshSchema.Schedule,
            MongoRefreshQueries.ById(platformIds.Distinct(StringComparer.Ordinal).Select(id => KeyOf(labId, id))),
            cancellationToken);

    /// <summary>The later look wins; the batch that a video is in stays.</summary>
    public void Schedule(IEnumerable<ScheduledVideo> looks)
    {
        foreach (var look in looks)
        {
            var known = videos.GetValueOrDefault(look.PlatformId);
            if (known is null)
            {
                Put(Of(labId, look, BsonNull.Value));
                Count(look.IsComment ? "comments" : "scheduled", 1);
            }
            else if (look != VideoOf(known) && look.LookedAt.ToUnixTimeMilliseconds() >= known["looked_at"].AsInt64)
            {
                Put(Of(labId, look, known["refresh_id"]));
            }
        }
    }

    /// <summary>Opens a batch of those videos that are free; null when none is.</summary>
    public OpenBatch? Open(string refreshId, CheckedItems checks, IEnumerable<ScheduledVideo> wanted)
    {
        ScheduledVideo[] taken = [.. wanted.DistinctBy(video => video.PlatformId, StringComparer.Ordinal).Where(video => videos.TryGetValue(video.PlatformId, out var known) && known["refresh_id"].IsBsonNull)];
        if (taken.Length == 0)
        {
            return null;
        }

        foreach (var video in taken)
        {
            Hold(video.PlatformId, refreshId);
        }

        Count("in_flight", taken.Length);
        Count("open_batches", 1);
        Count("last_position", 1);
        var batch = Of(labId, refreshId, tally["last_position"].AsInt64, checks, taken);
        change.Put(MongoRefreshSchema.Batches, batch);
        return BatchOf(batch, taken.Select(video => videos[video.PlatformId]));
    }

    /// <summary>Closes a batch, whose videos must have been read, and sets them free.</summary>
    public void Close(BsonDocument batch)
    {
        var ids = IdsOf(batch);
        foreach (var id in ids)
        {
            Hold(id, BsonNull.Value);
        }

        Count("in_flight", -ids.Count);
        Count("open_batches", -1);
        batch["is_open"] = false;
        batch["video_ids"] = new BsonArray();
        change.Put(MongoRefreshSchema.Batches, batch);
    }

    /// <summary>Ids of a batch's videos.</summary>
    public static IReadOnlyList<string> IdsOf(BsonDocument batch) => [.. batch["video_ids"].AsBsonArray.Select(id => id.AsString)];

    private void Hold(string platformId, BsonValue refreshId)
    {
        var video = videos[platformId];
        video["refresh_id"] = refreshId;
        Put(video);
    }

    private void Put(BsonDocument video)
    {
        videos[video["platform_id"].AsString] = video;
        change.Put(MongoRefreshSchema.Schedule, video);
    }

    private void Count(string what, long difference)
    {
        tally[what] = tally.GetValue(what, 0L).AsInt64 + difference;
        change.Put(MongoRefreshSchema.Tallies, tally);
    }
}
