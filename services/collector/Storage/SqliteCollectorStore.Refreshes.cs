using System.Text.Json;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Refreshes, which serve no collection.</summary>
internal sealed partial class SqliteCollectorStore
{
    private const string PagesOfRefresh =
        """
        FROM searches r INDEXED BY searches_of_refresh CROSS JOIN raw_pages p INDEXED BY raw_pages_place USING (lab_id, search_id)
        WHERE r.lab_id = s.lab_id AND r.refresh_id = s.refresh_id AND r.refresh_id <> ''
        """;

    public Task SubmitRefreshAsync(Search search, CancellationToken cancellationToken) =>
        file.WriteAsync(session => Write(session, search.LabId, new LabChange { NewSearches = [new() { Search = search }] }), cancellationToken);

    public Task<IReadOnlyList<EndedRefresh>> ListEndedRefreshesAsync(CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<EndedRefresh>>(
            session => session.Query(
                $"""
                SELECT s.document, s.answered,
                    (SELECT json_group_array(p.video_ids) {PagesOfRefresh}),
                    (SELECT max(p.fetched_at) {PagesOfRefresh}),
                    s.checkpoint, s.covered_from, s.covered_to
                FROM searches s INDEXED BY searches_refresh
                WHERE s.refresh_id <> '' AND s.announced = 0
                  AND NOT EXISTS (SELECT 1 FROM searches o INDEXED BY searches_of_refresh WHERE o.lab_id = s.lab_id AND o.refresh_id = s.refresh_id AND o.refresh_id <> '' AND o.status = 0)
                """,
                row => new EndedRefresh(
                    CollectorJson.Read<Search>(row.GetString(0)),
                    row.GetInt32(1) == 1,
                    row.IsDBNull(5) ? null : new Days(DateOnly.FromDayNumber(row.GetInt32(5)), DateOnly.FromDayNumber(row.GetInt32(6))),
                    row.IsDBNull(3) ? DateTimeOffset.UnixEpoch : ReadTime(row, 3),
                    [.. JsonSerializer.Deserialize<string[]>(row.GetString(2))!.SelectMany(ids => JsonSerializer.Deserialize<string[]>(ids)!).Distinct(StringComparer.Ordinal)],
                    CollectorJson.Read<Checkpoint>(row.GetString(4)).Failure)),
            cancellationToken);

    public Task MarkAnnouncedAsync(string labId, string searchId, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session => session.Execute(
                "UPDATE searches SET announced = 1 WHERE lab_id = @lab AND search_id = @search",
                ("@lab", labId),
                ("@search", searchId)),
            cancellationToken);
}
