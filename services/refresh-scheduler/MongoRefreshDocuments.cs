using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>How the schedule looks as documents of MongoDB.</summary>
internal static class MongoRefreshDocuments
{
    public static string KeyOf(string labId, string own) => MongoKey.Of(labId, own);

    public static BsonDocument Of(string labId, ScheduledVideo video, BsonValue refreshId) => new()
    {
        ["_id"] = KeyOf(labId, video.PlatformId),
        ["lab_id"] = labId,
        ["platform_id"] = video.PlatformId,
        ["published_at"] = video.PublishedAt.ToUnixTimeMilliseconds(),
        ["last_read_at"] = video.LastReadAt.ToUnixTimeMilliseconds(),
        ["missed_at"] = Value(video.MissedAt),
        ["looked_at"] = video.LookedAt.ToUnixTimeMilliseconds(),
        ["due_at"] = video.DueAt.ToUnixTimeMilliseconds(),
        ["deadline"] = video.Deadline.ToUnixTimeMilliseconds(),
        ["refresh_id"] = refreshId,
    };

    public static ScheduledVideo VideoOf(BsonDocument video) => new()
    {
        PlatformId = video["platform_id"].AsString,
        PublishedAt = TimeOf(video["published_at"])!.Value,
        LastReadAt = TimeOf(video["last_read_at"])!.Value,
        MissedAt = TimeOf(video["missed_at"]),
        LookedAt = TimeOf(video["looked_at"])!.Value,
        DueAt = TimeOf(video["due_at"])!.Value,
        Deadline = TimeOf(video["deadline"])!.Value,
    };

    public static BsonDocument Of(string labId, string refreshId, long position, IReadOnlyCollection<ScheduledVideo> videos) => new()
    {
        ["_id"] = KeyOf(labId, refreshId),
        ["lab_id"] = labId,
        ["refresh_id"] = refreshId,
        ["position"] = position,
        ["first_day"] = videos.Min(video => video.UploadDay).DayNumber,
        ["last_day"] = videos.Max(video => video.UploadDay).DayNumber,
        ["handed_over_at"] = BsonNull.Value,
        ["is_open"] = true,
        ["video_ids"] = new BsonArray(videos.Select(video => video.PlatformId)),
    };

    public static OpenBatch BatchOf(BsonDocument batch, IEnumerable<BsonDocument> videos) => new()
    {
        RefreshId = batch["refresh_id"].AsString,
        From = DateOnly.FromDayNumber(batch["first_day"].AsInt32),
        To = DateOnly.FromDayNumber(batch["last_day"].AsInt32),
        HandedOverAt = TimeOf(batch["handed_over_at"]),
        Videos = [.. videos.Select(VideoOf).OrderBy(video => video.PlatformId, StringComparer.Ordinal)],
    };

    public static DateTimeOffset? TimeOf(BsonValue milliseconds) => milliseconds.IsBsonNull ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.AsInt64);

    private static BsonValue Value(DateTimeOffset? time) => time is { } known ? known.ToUnixTimeMilliseconds() : BsonNull.Value;
}
