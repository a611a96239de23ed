using MongoDB.Bson;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Counts over a lab's schedule that the server makes; what they take, they take by the index of <see cref="MongoRefreshQueries.DueFilter"/>.</summary>
internal static class MongoRefreshCounts
{
    private const long MillisecondsOfAnHour = 3_600_000;
    private const long MillisecondsOfADay = 24 * MillisecondsOfAnHour;

    /// <summary>Due videos by window and hour of the deadline.</summary>
    public static BsonDocument[] Due(string labId, DateTimeOffset now)
    {
        // Windows are counted from the first day of all.
        var first = new DateTimeOffset(DateTime.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return By(labId, now, new()
        {
            ["window"] = Down("published_at", RefreshBatches.WindowDays * MillisecondsOfADay, first),
            ["ends"] = Down("deadline", MillisecondsOfAnHour, 0),
        });
    }

    /// <summary>Videos by the day on which they become due.</summary>
    public static BsonDocument[] ByDueDay(string labId, DateTimeOffset until) => By(labId, until, new() { ["due"] = Down("due_at", MillisecondsOfADay, 0) });

    /// <summary>A line of <see cref="Due"/>.</summary>
    public static DueVideos DueOf(BsonDocument line) => new(DayOf(line["_id"]["window"]), TimeOf(line["_id"]["ends"]), line["videos"].ToInt64());

    /// <summary>A line of <see cref="ByDueDay"/>.</summary>
    public static VideosOfDay DayOf(BsonDocument line) => new(DayOf(line["_id"]["due"]), line["videos"].ToInt64());

    private static BsonDocument[] By(string labId, DateTimeOffset dueBy, BsonDocument key) =>
    [
        new("$match", MongoRefreshQueries.DueFilter(labId, dueBy)),
        new("$match", new BsonDocument("dark_since", BsonNull.Value)),
        new("$group", new BsonDocument { ["_id"] = key, ["videos"] = new BsonDocument("$sum", 1) }),
    ];

    /// <summary>A field rounded down to a whole step since a beginning.</summary>
    private static BsonDocument Down(string field, long step, long from) => new("$subtract", new BsonArray
    {
        $"${field}",
        new BsonDocument("$mod", new BsonArray { new BsonDocument("$subtract", new BsonArray { $"${field}", from }), step }),
    });

    private static DateTimeOffset TimeOf(BsonValue milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.ToInt64());

    private static DateOnly DayOf(BsonValue milliseconds) => DateOnly.FromDateTime(TimeOf(milliseconds).UtcDateTime);
}
