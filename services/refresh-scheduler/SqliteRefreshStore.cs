using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>The schedule in <c>refresh-scheduler.db</c>; times are unix milliseconds, days are day numbers.</summary>
internal sealed class SqliteRefreshStore(string path) : IRefreshStore, IDisposable
{
    private const long MillisecondsOfAnHour = 3_600_000;
    private const long MillisecondsOfADay = 24 * MillisecondsOfAnHour;
    private const string Columns = "platform_id, published_at, last_read_at, missed_at, looked_at, due_at, deadline, verified_at, dark_since";

    private static readonly string[] Schema =
    [
        """
        CREATE TABLE refresh_schedule (
            lab_id TEXT NOT NULL,
            platform_id TEXT NOT NULL,
            published_at INTEGER NOT NULL,
            last_read_at INTEGER NOT NULL,
            missed_at INTEGER,
            looked_at INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            deadline INTEGER NOT NULL,
            refresh_id TEXT,
            PRIMARY KEY (lab_id, platform_id)) WITHOUT ROWID;
        CREATE INDEX refresh_schedule_free ON refresh_schedule (lab_id, deadline, platform_id) WHERE refresh_id IS NULL;
        CREATE INDEX refresh_schedule_uploads ON refresh_schedule (lab_id, published_at) WHERE refresh_id IS NULL;
        CREATE INDEX refresh_schedule_batches ON refresh_schedule (lab_id, refresh_id) WHERE refresh_id IS NOT NULL;
        CREATE TABLE refresh_batches (
            lab_id TEXT NOT NULL,
            refresh_id TEXT NOT NULL,
            position INTEGER NOT NULL,
            first_day INTEGER NOT NULL,
            last_day INTEGER NOT NULL,
            handed_over_at INTEGER,
            PRIMARY KEY (lab_id, refresh_id)) WITHOUT ROWID
        """,
        """
        ALTER TABLE refresh_schedule ADD COLUMN verified_at INTEGER;
        CREATE INDEX refresh_schedule_missing ON refresh_schedule (lab_id, platform_id) WHERE missed_at IS NOT NULL;
        ALTER TABLE refresh_batches ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE refresh_checks (
            lab_id TEXT NOT NULL,
            refresh_id TEXT NOT NULL,
            checks INTEGER NOT NULL,
            items INTEGER NOT NULL,
            answered INTEGER NOT NULL,
            alive INTEGER NOT NULL,
            missing TEXT NOT NULL,
            failure TEXT NOT NULL,
            PRIMARY KEY (lab_id, refresh_id)) WITHOUT ROWID
        """,
        """
        ALTER TABLE refresh_schedule ADD COLUMN dark_since INTEGER;
        """,
    ];

    private readonly Lazy<SqliteFile> file = new(() => SqliteFile.Open(path, Schema));

    public Task ScheduleAsync(string labId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken) =>
        file.Value.WriteAsync(session => Schedule(session, labId, videos), cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListDueAsync(string labId, DateTimeOffset now, SchedulePosition? after, int limit, CancellationToken cancellationToken) =>
        file.Value.ReadAsync<IReadOnlyList<ScheduledVideo>>(
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
        file.Value.ReadAsync<IReadOnlyList<ScheduledVideo>>(
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
        file.Value.ReadAsync<IReadOnlyList<ScheduledVideo>>(
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

    public Task<OpenBatch?> OpenAsync(string labId, string refreshId, RefreshBatch batch, CancellationToken cancellationToken) =>
        file.Value.WriteAsync(
            session =>
            {
                if (session.Number("SELECT COUNT(*) FROM refresh_batches WHERE lab_id = @lab AND refresh_id = @batch", ("@lab", labId), ("@batch", refreshId)) == 0)
                {
                    var taken = batch.Videos.Where(video => session.Execute(
                        "UPDATE refresh_schedule SET refresh_id = @batch WHERE lab_id = @lab AND platform_id = @id AND refresh_id IS NULL",
                        ("@batch", refreshId),
                        ("@lab", labId),
                        ("@id", video.PlatformId)) == 1).ToList();
                    if (taken.Count == 0)
                    {
                        return null;
                    }

                    session.Execute(
                        """
                        INSERT INTO refresh_batches (lab_id, refresh_id, position, first_day, last_day, checks)
                        VALUES (@lab, @batch, (SELECT COALESCE(MAX(position), 0) + 1 FROM refresh_batches WHERE lab_id = @lab), @first, @last, @checks)
                        """,
                        ("@lab", labId),
                        ("@batch", refreshId),
                        ("@first", taken.Min(video => video.UploadDay).DayNumber),
                        ("@last", taken.Max(video => video.UploadDay).DayNumber),
                        ("@checks", (int)batch.Checks));
                }

                return Find(session, labId, refreshId);
            },
            cancellationToken);

    public Task MarkHandedOverAsync(string labId, string refreshId, DateTimeOffset at, CancellationToken cancellationToken) =>
        file.Value.WriteAsync(
            session => session.Execute(
                "UPDATE refresh_batches SET handed_over_at = @at WHERE lab_id = @lab AND refresh_id = @batch",
                ("@at", at.ToUnixTimeMilliseconds()),
                ("@lab", labId),
                ("@batch", refreshId)),
            cancellationToken);

    public Task<IReadOnlyList<OpenBatch>> ListOpenAsync(string labId, DateTimeOffset since, CancellationToken cancellationToken) =>
        file.Value.ReadAsync<IReadOnlyList<OpenBatch>>(
            session =>
            [
                .. session.Query(
                    """
                    SELECT refresh_id FROM refresh_batches
                    WHERE lab_id = @lab AND (handed_over_at IS NULL OR handed_over_at < @since) ORDER BY position
                    """,
                    row => row.GetString(0),
                    ("@lab", labId),
                    ("@since", since.ToUnixTimeMilliseconds())).Select(refreshId => Find(session, labId, refreshId)!),
            ],
            cancellationToken);

    public Task<OpenBatch?> FindOpenAsync(string labId, string refreshId, CancellationToken cancellationToken) =>
        file.Value.ReadAsync(session => Find(session, labId, refreshId), cancellationToken);

    public Task CloseAsync(string labId, string refreshId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken) =>
        file.Value.WriteAsync(
            session =>
            {
                if (session.Execute("DELETE FROM refresh_batches WHERE lab_id = @lab AND refresh_id = @batch", ("@lab", labId), ("@batch", refreshId)) == 0)
                {
                    return;
                }

                session.Execute("UPDATE refresh_schedule SET refresh_id = NULL WHERE lab_id = @lab AND refresh_id = @batch", ("@lab", labId), ("@batch", refreshId));
                Schedule(session, labId, videos);
            },
            cancellationToken);

    public Task<IReadOnlyList<KnownVideo>> FindAsync(string labId, IReadOnlyCollection<string> platformIds, CancellationToken cancellationToken) =>
        file.Value.ReadAsync<IReadOnlyList<KnownVideo>>(
            session => session.Query(
                $"SELECT {Columns}, refresh_id FROM refresh_schedule WHERE lab_id = @lab AND platform_id IN (SELECT value FROM json_each(@ids))",
                row => new KnownVideo(ReadVideo(row), row.IsDBNull(9) ? "" : row.GetString(9)),
                ("@lab", labId),
                ("@ids", JsonSerializer.Serialize(platformIds))),
            cancellationToken);

    public Task<IReadOnlyList<ScheduledVideo>> ListMissingAsync(string labId, string afterId, int limit, CancellationToken cancellationToken) =>
        file.Value.ReadAsync<IReadOnlyList<ScheduledVideo>>(
            session => session.Query(
                $"SELECT {Columns} FROM refresh_schedule WHERE lab_id = @lab AND missed_at IS NOT NULL AND platform_id > @after ORDER BY platform_id LIMIT @limit",
                ReadVideo,
                ("@lab", labId),
                ("@after", afterId),
                ("@limit", limit)),
            cancellationToken);

    public Task KeepCheckAsync(string labId, CheckResult result, CancellationToken cancellationToken) =>
        file.Value.WriteAsync(
            session => session.Execute(
                """
                INSERT OR IGNORE INTO refresh_checks (lab_id, refresh_id, checks, items, answered, alive, missing, failure)
                VALUES (@lab, @batch, @checks, @items, @answered, @alive, @missing, @failure)
                """,
                ("@lab", labId),
                ("@batch", result.RefreshId),
                ("@checks", (int)result.Checks),
                ("@items", result.Items),
                ("@answered", result.Answered),
                ("@alive", result.Alive),
                ("@missing", JsonSerializer.Serialize(result.Missing)),
                ("@failure", result.Failure)),
            cancellationToken);

    public Task<IReadOnlyList<CheckResult>> FindChecksAsync(string labId, IReadOnlyCollection<string> refreshIds, CancellationToken cancellationToken) =>
        file.Value.ReadAsync<IReadOnlyList<CheckResult>>(
            session => session.Query(
                """
                SELECT refresh_id, checks, items, answered, alive, missing, failure FROM refresh_checks
                WHERE lab_id = @lab AND refresh_id IN (SELECT value FROM json_each(@ids))
                """,
                row => new CheckResult
                {
                    RefreshId = row.GetString(0),
                    Checks = (CheckedItems)row.GetInt32(1),
                    Items = row.GetInt64(2),
                    Answered = row.GetBoolean(3),
                    Alive = row.GetInt64(4),
                    Missing = JsonSerializer.Deserialize<string[]>(row.GetString(5))!,
                    Failure = row.GetString(6),
                },
                ("@lab", labId),
                ("@ids", JsonSerializer.Serialize(refreshIds))),
            cancellationToken);

    public Task<ScheduleCounts> CountAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken) =>
        file.Value.ReadAsync(
            session =>
            {
                var batches = session.Number("SELECT COUNT(*) FROM refresh_batches WHERE lab_id = @lab", ("@lab", labId));
                return session.First(
                    """
                    SELECT COALESCE(SUM(due_at < @never), 0), COALESCE(SUM(refresh_id IS NULL AND due_at <= @now), 0), COALESCE(SUM(deadline < @now), 0),
                           COALESCE(SUM(refresh_id IS NOT NULL), 0), MIN(CASE WHEN refresh_id IS NULL AND due_at < @never THEN due_at END),
                           COALESCE(SUM(due_at >= @never), 0), COUNT(missed_at)
                    FROM refresh_schedule WHERE lab_id = @lab
                    """,
                    row => new ScheduleCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), batches, ReadTime(row, 4)) { Comments = row.GetInt64(5), Missing = row.GetInt64(6) },
                    ("@now", RefreshPlan.DueBy(now).ToUnixTimeMilliseconds()),
                    ("@never", RefreshPlan.Never.ToUnixTimeMilliseconds()),
                    ("@lab", labId))!;
            },
            cancellationToken);

    public Task<IReadOnlyList<DueVideos>> CountDueAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken) =>
        file.Value.ReadAsync<IReadOnlyList<DueVideos>>(
            session => session.Query(
                """
                SELECT (published_at - @first) / @window * @window + @first AS opens, deadline / @hour * @hour AS ends, COUNT(*) FROM refresh_schedule
                WHERE lab_id = @lab AND refresh_id IS NULL AND due_at <= @now AND dark_since IS NULL GROUP BY opens, ends
                """,
                row => new DueVideos(DateOnly.FromDateTime(ReadTime(row, 0)!.Value.UtcDateTime), ReadTime(row, 1)!.Value, row.GetInt64(2)),
                ("@lab", labId),
                ("@now", RefreshPlan.DueBy(now).ToUnixTimeMilliseconds()),
                ("@first", FirstMillisecond(DateOnly.MinValue)),
                ("@window", RefreshBatches.WindowDays * MillisecondsOfADay),
                ("@hour", MillisecondsOfAnHour)),
            cancellationToken);

    public Task<IReadOnlyList<VideosOfDay>> CountByDueDayAsync(string labId, DateTimeOffset until, CancellationToken cancellationToken) =>
        file.Value.ReadAsync<IReadOnlyList<VideosOfDay>>(
            session => session.Query(
                "SELECT due_at / @day AS due, COUNT(*) FROM refresh_schedule WHERE lab_id = @lab AND refresh_id IS NULL AND due_at <= @until AND dark_since IS NULL GROUP BY due",
                row => new VideosOfDay(DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0) * MillisecondsOfADay).UtcDateTime), row.GetInt64(1)),
                ("@lab", labId),
                ("@until", RefreshPlan.DueBy(until).ToUnixTimeMilliseconds()),
                ("@day", MillisecondsOfADay)),
            cancellationToken);

    public Task<IReadOnlyList<string>> ListLabsAsync(CancellationToken cancellationToken) =>
        file.Value.ReadAsync<IReadOnlyList<string>>(
            session => session.Query("SELECT DISTINCT lab_id FROM refresh_schedule ORDER BY lab_id", row => row.GetString(0)),
            cancellationToken);

    public void Dispose()
    {
        if (file.IsValueCreated)
        {
            file.Value.Dispose();
        }
    }

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

    private static OpenBatch? Find(SqliteSession session, string labId, string refreshId)
    {
        var videos = session.Query(
            $"SELECT {Columns} FROM refresh_schedule WHERE lab_id = @lab AND refresh_id = @batch ORDER BY platform_id",
            ReadVideo,
            ("@lab", labId),
            ("@batch", refreshId));
        return session.First(
            "SELECT first_day, last_day, handed_over_at, checks FROM refresh_batches WHERE lab_id = @lab AND refresh_id = @batch",
            row => new OpenBatch
            {
                RefreshId = refreshId,
                From = DateOnly.FromDayNumber(row.GetInt32(0)),
                To = DateOnly.FromDayNumber(row.GetInt32(1)),
                HandedOverAt = ReadTime(row, 2),
                Checks = (CheckedItems)row.GetInt32(3),
                Videos = videos,
            },
            ("@lab", labId),
            ("@batch", refreshId));
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
