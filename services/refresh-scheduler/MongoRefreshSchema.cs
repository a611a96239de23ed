using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>The MongoDB database of the schedule. Keys begin with the lab; times are unix milliseconds, days are day numbers.</summary>
internal static class MongoRefreshSchema
{
    /// <summary><c>lab/platform_id</c>: a video, when it is due, and the open batch that it is in.</summary>
    public const string Schedule = "refresh_schedule";

    /// <summary><c>lab/refresh_id</c>: a batch; one that is closed stays, empty.</summary>
    public const string Batches = "refresh_batches";

    /// <summary><c>lab/refresh_id</c>: what came of a batch that checked.</summary>
    public const string Checks = "refresh_checks";

    /// <summary><c>lab</c>: how many videos and open batches there are, so that nobody counts them, and the last place in the order of the batches.</summary>
    public const string Tallies = "tallies";

    /// <summary>Videos that are in no open batch have null as their <c>refresh_id</c>.</summary>
    public static readonly MongoSchema Database = new("refresh-scheduler", 1, new Dictionary<string, IReadOnlyList<MongoIndex>>(StringComparer.Ordinal)
    {
        [Schedule] =
        [
            new("free_by_due", new BsonDocument { ["lab_id"] = 1, ["refresh_id"] = 1, ["due_at"] = 1 }),
            new("free_by_upload", new BsonDocument { ["lab_id"] = 1, ["refresh_id"] = 1, ["published_at"] = 1 }),
            new("missing", new BsonDocument { ["lab_id"] = 1, ["missed_at"] = 1 }),
            new("overdue", new BsonDocument { ["lab_id"] = 1, ["deadline"] = 1 }),
        ],
        [Batches] = [new("open_in_order", new BsonDocument { ["lab_id"] = 1, ["is_open"] = 1, ["position"] = 1 })],
    });
}
