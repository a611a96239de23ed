namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>How much is due, and when.</summary>
internal sealed partial class SqliteRefreshStore
{
    public Task<ScheduleCounts> CountAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken) =>
        file.ReadAsync(
            session =>
            {
                var batches = session.Number("SELECT COUNT(*) FROM refresh_batches WHERE lab_id = @lab", ("@lab", labId));
                return session.First(
                    """
                    SELECT /* The whole schedule, for whoever asks how it stands. */
                           COALESCE(SUM(due_at < @never), 0), COALESCE(SUM(refresh_id IS NULL AND due_at <= @now), 0), COALESCE(SUM(deadline < @now), 0),
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
        file.ReadAsync<IReadOnlyList<DueVideos>>(
            session => session.Query(
                """
                SELECT (published_at - @first) / @window * @window + @first AS opens, deadline / @hour * @hour AS ends, COUNT(*) FROM refresh_schedule INDEXED BY refresh_schedule_due
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
        file.ReadAsync<IReadOnlyList<VideosOfDay>>(
            session => session.Query(
                "SELECT due_at / @day AS due, COUNT(*) FROM refresh_schedule INDEXED BY refresh_schedule_due WHERE lab_id = @lab AND refresh_id IS NULL AND due_at <= @until AND dark_since IS NULL GROUP BY due",
                row => new VideosOfDay(DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0) * MillisecondsOfADay).UtcDateTime), row.GetInt64(1)),
                ("@lab", labId),
                ("@until", RefreshPlan.DueBy(until).ToUnixTimeMilliseconds()),
                ("@day", MillisecondsOfADay)),
            cancellationToken);

    public Task<IReadOnlyList<string>> ListLabsAsync(CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<string>>(
            session => session.Query(
                """
                WITH RECURSIVE labs (lab_id) AS (
                    SELECT min(lab_id) FROM refresh_schedule
                    UNION ALL
                    SELECT (SELECT min(r.lab_id) FROM refresh_schedule r WHERE r.lab_id > l.lab_id) FROM labs l WHERE l.lab_id IS NOT NULL)
                SELECT lab_id FROM labs WHERE lab_id IS NOT NULL
                """,
                row => row.GetString(0)),
            cancellationToken);
}
