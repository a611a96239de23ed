using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Every query over a lab's schedule. What does not go by <c>_id</c> has an index in <see cref="MongoRefreshSchema"/>.</summary>
internal static class MongoRefreshQueries
{
    /// <summary>The documents with these keys.</summary>
    public static MongoQuery ById(IEnumerable<string> keys) => new(new BsonDocument("_id", new BsonDocument("$in", new BsonArray(keys))));

    /// <summary>Videos in no open batch that are due, behind <paramref name="after"/>, the earliest deadline first.</summary>
    public static MongoQuery Due(string labId, DateTimeOffset now, SchedulePosition? after, int limit)
    {
        var filter = DueFilter(labId, now);
        if (after is not null)
        {
            var deadline = after.Deadline.ToUnixTimeMilliseconds();
            filter["$or"] = new BsonArray
            {
                new BsonDocument("deadline", new BsonDocument("$gt", deadline)),
                new BsonDocument { ["deadline"] = deadline, ["platform_id"] = new BsonDocument("$gt", after.PlatformId) },
            };
        }

        return new(filter) { Sort = new BsonDocument { ["deadline"] = 1, ["platform_id"] = 1 }, Limit = limit };
    }

    /// <summary>Videos in no open batch that were uploaded on these days, the next due first.</summary>
    public static MongoQuery Next(string labId, DateOnly from, DateOnly to, int limit) =>
        new(UploadFilter(labId, from, to)) { Sort = new BsonDocument { ["due_at"] = 1, ["platform_id"] = 1 }, Limit = limit };

    /// <summary>Those of them that wait for light.</summary>
    public static MongoQuery Dark(string labId, DateOnly from, DateOnly to, int limit)
    {
        var filter = UploadFilter(labId, from, to);
        filter["dark_since"] = new BsonDocument("$gt", 0L);
        return new(filter) { Limit = limit };
    }

    /// <summary>The one in no open batch that is due first.</summary>
    public static MongoQuery FirstDue(string labId) =>
        new(new BsonDocument { ["lab_id"] = labId, ["refresh_id"] = BsonNull.Value }) { Sort = new BsonDocument("due_at", 1), Limit = 1, Fields = new BsonDocument("due_at", 1) };

    /// <summary>Open batches that the collector did not take since then, in order.</summary>
    public static MongoQuery Open(string labId, DateTimeOffset since) =>
        new(new BsonDocument
        {
            ["lab_id"] = labId,
            ["is_open"] = true,
            ["$or"] = new BsonArray
            {
                new BsonDocument("handed_over_at", BsonNull.Value),
                new BsonDocument("handed_over_at", new BsonDocument("$lt", since.ToUnixTimeMilliseconds())),
            },
        })
        {
            Sort = new BsonDocument("position", 1),
        };

    /// <summary>Videos and comments that TikTok did not show when it was last asked, behind <paramref name="afterId"/>, by id.</summary>
    public static MongoQuery Missing(string labId, string afterId, int limit)
    {
        var filter = MissingFilter(labId);
        filter["platform_id"] = new BsonDocument("$gt", afterId);
        return new(filter) { Sort = new BsonDocument("platform_id", 1), Limit = limit };
    }

    /// <summary>Videos and comments that TikTok did not show when it was last asked.</summary>
    public static BsonDocument MissingFilter(string labId) => new() { ["lab_id"] = labId, ["missed_at"] = new BsonDocument("$gt", 0L) };

    /// <summary>Videos in no open batch that are due.</summary>
    public static BsonDocument DueFilter(string labId, DateTimeOffset now) => FreeFilter(labId, "due_at", new BsonDocument("$lte", RefreshPlan.DueBy(now).ToUnixTimeMilliseconds()));

    /// <summary>Videos past their deadline.</summary>
    public static BsonDocument OverdueFilter(string labId, DateTimeOffset now) =>
        new() { ["lab_id"] = labId, ["deadline"] = new BsonDocument("$lt", now.ToUnixTimeMilliseconds()) };

    private static BsonDocument UploadFilter(string labId, DateOnly from, DateOnly to) =>
        FreeFilter(labId, "published_at", new BsonDocument { ["$gte"] = FirstMillisecond(from), ["$lt"] = FirstMillisecond(to) + (long)TimeSpan.FromDays(1).TotalMilliseconds });

    private static BsonDocument FreeFilter(string labId, string field, BsonDocument condition) => new() { ["lab_id"] = labId, ["refresh_id"] = BsonNull.Value, [field] = condition };

    private static long FirstMillisecond(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
}
