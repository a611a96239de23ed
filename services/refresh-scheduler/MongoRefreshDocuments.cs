using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
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
        ["verified_at"] = Value(video.VerifiedAt),
        ["dark_since"] = Value(video.DarkSince),
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
        VerifiedAt = TimeOf(video.GetValue("verified_at", BsonNull.Value)),
        DarkSince = TimeOf(video.GetValue("dark_since", BsonNull.Value)),
    };

    public static KnownVideo KnownOf(BsonDocument video) => new(VideoOf(video), video["refresh_id"].IsBsonNull ? "" : video["refresh_id"].AsString);

    public static BsonDocument Of(string labId, CheckResult result) => new()
    {
        ["_id"] = KeyOf(labId, result.RefreshId),
        ["refresh_id"] = result.RefreshId,
        ["checks"] = (int)result.Checks,
        ["items"] = result.Items,
        ["answered"] = result.Answered,
        ["alive"] = result.Alive,
        ["missing"] = new BsonArray(result.Missing),
        ["failure"] = result.Failure,
    };

    public static CheckResult CheckOf(BsonDocument result) => new()
    {
        RefreshId = result["refresh_id"].AsString,
        Checks = (CheckedItems)result["checks"].AsInt32,
        Items = result["items"].AsInt64,
        Answered = result["answered"].AsBoolean,
        Alive = result["alive"].AsInt64,
        Missing = [.. result["missing"].AsBsonArray.Select(id => id.AsString)],
        Failure = result["failure"].AsString,
    };

    public static BsonDocument Of(string labId, string refreshId, long position, CheckedItems checks, IReadOnlyCollection<ScheduledVideo> videos) => new()
    {
        ["_id"] = KeyOf(labId, refreshId),
        ["lab_id"] = labId,
        ["refresh_id"] = refreshId,
        ["position"] = position,
        ["checks"] = (int)checks,
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
        Checks = (CheckedItems)batch.GetValue("checks", 0).AsInt32,
        Videos = [.. videos.Select(VideoOf).OrderBy(video => video.PlatformId, StringComparer.Ordinal)],
    };

    public static DateTimeOffset? TimeOf(BsonValue milliseconds) => milliseconds.IsBsonNull ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.AsInt64);

    private static BsonValue Value(DateTimeOffset? time) => time is { } known ? known.ToUnixTimeMilliseconds() : BsonNull.Value;
}
