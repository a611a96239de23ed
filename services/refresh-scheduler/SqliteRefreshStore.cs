using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>The schedule in <c>refresh-scheduler.db</c>; times are unix milliseconds, days are day numbers.</summary>
internal sealed partial class SqliteRefreshStore(SqliteFile file) : IRefreshStore, IDisposable
{
    private const long MillisecondsOfAnHour = 3_600_000;
    private const long MillisecondsOfADay = 24 * MillisecondsOfAnHour;
    private const string Columns = "platform_id, published_at, last_read_at, missed_at, looked_at, due_at, deadline, verified_at, dark_since";

    /// <summary>Opens or creates the file.</summary>
    public static SqliteRefreshStore Open(string path) => new(SqliteFile.Open(path, RefreshSchema.Steps));

    public Task ScheduleAsync(string labId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken) =>
        file.WriteAsync(session => Schedule(session, labId, videos), cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListDueAsync(string labId, DateTimeOffset now, SchedulePosition? after, int limit, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<ScheduledVideo>>(
            session => session.Query(
                $"""
                SELECT {Columns} FROM refresh_schedule
                WHERE lab_id = @lab AND refresh_id IS NULL AND due_at <= @now AND (deadline, platform_id) > (@deadline, @id)
                ORDER BY deadline, platform_id LIMIT @limit
                """,
                ReadVideo,
                ("@lab", labId),
                ("@now", RefreshPlan.DueBy(now).ToUnixTimeMilliseconds()),
                ("@deadline", after?.Deadline.ToUnixTimeMilliseconds() ?? long.MinValue),
                ("@id", after?.PlatformId ?? ""),
                ("@limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListNextAsync(string labId, DateOnly from, DateOnly to, int limit, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<ScheduledVideo>>(
            session => session.Query(
                $"""
                SELECT {Columns} FROM refresh_schedule
                WHERE lab_id = @lab AND refresh_id IS NULL AND published_at BETWEEN @first AND @last
                ORDER BY due_at, platform_id LIMIT @limit
                """,
                ReadVideo,
                ("@lab", labId),
                ("@first", FirstMillisecond(from)),
                ("@last", FirstMillisecond(to) + (long)TimeSpan.FromDays(1).TotalMilliseconds - 1),
                ("@limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListDarkAsync(string labId, DateOnly from, DateOnly to, int limit, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<ScheduledVideo>>(
            session => session.Query(
                $"""
                SELECT {Columns} FROM refresh_schedule
                WHERE lab_id = @lab AND refresh_id IS NULL AND published_at >= @first AND published_at < @end AND dark_since IS NOT NULL LIMIT @limit
                """,
                ReadVideo,
                ("@lab", labId),
                ("@first", FirstMillisecond(from)),
                ("@end", FirstMillisecond(to) + MillisecondsOfADay),
                ("@limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<KnownVideo>> FindAsync(string labId, IReadOnlyCollection<string> platformIds, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<KnownVideo>>(
            session => session.Query(
                $"SELECT {Columns}, refresh_id FROM refresh_schedule WHERE lab_id = @lab AND platform_id IN (SELECT value FROM json_each(@ids))",
                row => new KnownVideo(ReadVideo(row), row.IsDBNull(9) ? "" : row.GetString(9)),
                ("@lab", labId),
                ("@ids", JsonSerializer.Serialize(platformIds))),
            cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListMissingAsync(string labId, string afterId, int limit, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<ScheduledVideo>>(
            session => session.Query(
                $"SELECT {Columns} FROM refresh_schedule WHERE lab_id = @lab AND missed_at IS NOT NULL AND platform_id > @after ORDER BY platform_id LIMIT @limit",
                ReadVideo,
                ("@lab", labId),
                ("@after", afterId),
                ("@limit", limit)),
            cancellationToken);

    public void Dispose() => file.Dispose();

    private static void Schedule(SqliteSession session, string labId, IReadOnlyCollection<ScheduledVideo> videos)
    {
        foreach (var video in videos)
        {
            session.Execute(
                $"""
                INSERT INTO refresh_schedule (lab_id, {Columns})
                VALUES (@lab, @id, @published, @read, @missed, @looked, @due, @deadline, @verified, @dark)
                ON CONFLICT (lab_id, platform_id) DO UPDATE SET
                    published_at = excluded.published_at, last_read_at = excluded.last_read_at, missed_at = excluded.missed_at,
                    looked_at = excluded.looked_at, due_at = excluded.due_at, deadline = excluded.deadline, verified_at = excluded.verified_at, dark_since = excluded.dark_since
                WHERE excluded.looked_at >= looked_at
                """,
                ("@lab", labId),
                ("@id", video.PlatformId),
                ("@published", video.PublishedAt.ToUnixTimeMilliseconds()),
                ("@read", video.LastReadAt.ToUnixTimeMilliseconds()),
                ("@missed", video.MissedAt?.ToUnixTimeMilliseconds()),
                ("@looked", video.LookedAt.ToUnixTimeMilliseconds()),
                ("@due", video.DueAt.ToUnixTimeMilliseconds()),
                ("@deadline", video.Deadline.ToUnixTimeMilliseconds()),
                ("@verified", video.VerifiedAt?.ToUnixTimeMilliseconds()),
                ("@dark", video.DarkSince?.ToUnixTimeMilliseconds()));
        }
    }

    private static ScheduledVideo ReadVideo(SqliteDataReader row) => new()
    {
        PlatformId = row.GetString(0),
        PublishedAt = ReadTime(row, 1)!.Value,
        LastReadAt = ReadTime(row, 2)!.Value,
        MissedAt = ReadTime(row, 3),
        LookedAt = ReadTime(row, 4)!.Value,
        DueAt = ReadTime(row, 5)!.Value,
        Deadline = ReadTime(row, 6)!.Value,
        VerifiedAt = ReadTime(row, 7),
        DarkSince = ReadTime(row, 8),
    };

    private static DateTimeOffset? ReadTime(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static long FirstMillisecond(DateOnly day) => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds();
}
