using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Batches that are out, and what checks of them came to.</summary>
internal sealed partial class SqliteRefreshStore
{
    public Task<OpenBatch?> OpenAsync(string labId, string refreshId, RefreshBatch batch, CancellationToken cancellationToken) =>
        file.WriteAsync(
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
        file.WriteAsync(
            session => session.Execute(
                "UPDATE refresh_batches SET handed_over_at = @at WHERE lab_id = @lab AND refresh_id = @batch",
                ("@at", at.ToUnixTimeMilliseconds()),
                ("@lab", labId),
                ("@batch", refreshId)),
            cancellationToken);

    public Task<IReadOnlyList<OpenBatch>> ListOpenAsync(string labId, DateTimeOffset since, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<OpenBatch>>(
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
        file.ReadAsync(session => Find(session, labId, refreshId), cancellationToken);

    public Task CloseAsync(string labId, string refreshId, IReadOnlyCollection<ScheduledVideo> videos, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                if (session.Execute("DELETE FROM refresh_batches WHERE lab_id = @lab AND refresh_id = @batch", ("@lab", labId), ("@batch", refreshId)) == 0)
                {
                    return;
                }

                session.Execute("UPDATE refresh_schedule INDEXED BY refresh_schedule_batches SET refresh_id = NULL WHERE lab_id = @lab AND refresh_id = @batch", ("@lab", labId), ("@batch", refreshId));
                Schedule(session, labId, videos);
            },
            cancellationToken);

    public Task KeepCheckAsync(string labId, CheckResult result, CancellationToken cancellationToken) =>
        file.WriteAsync(
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
        file.ReadAsync<IReadOnlyList<CheckResult>>(
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

    private static OpenBatch? Find(SqliteSession session, string labId, string refreshId)
    {
        var videos = session.Query(
            $"SELECT {Columns} FROM refresh_schedule INDEXED BY refresh_schedule_batches WHERE lab_id = @lab AND refresh_id = @batch ORDER BY platform_id",
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
}
