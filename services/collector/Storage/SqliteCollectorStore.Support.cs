using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What TikTok should hear of, and what the lab noted of its reports.</summary>
internal sealed partial class SqliteCollectorStore
{
    private const string NoteColumns = "SELECT note_id, noted_at, kind, text FROM support_notes";

    public Task<IReadOnlyList<Incident>> ListIncidentsAsync(string labId, DateTimeOffset since, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<Incident>>(
            session => session.Query(
                $"""
                {PageColumns}, s.document, p.incident FROM raw_pages p JOIN searches s USING (lab_id, search_id)
                WHERE p.lab_id = @lab AND p.incident <> 0 AND p.fetched_at >= @since ORDER BY p.fetched_at, p.sequence
                """,
                row => Incident.Of((IncidentKind)row.GetInt32(21), ReadPage(row), CollectorJson.Read<Search>(row.GetString(20))),
                ("@lab", labId),
                ("@since", since.ToUnixTimeMilliseconds())),
            cancellationToken);

    public Task<SupportNoteRecord> AddSupportNoteAsync(string labId, SupportNoteRecord note, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                session.Execute(
                    "INSERT OR IGNORE INTO support_notes (lab_id, note_id, kind, noted_at, text) VALUES (@lab, @note, @kind, @at, @text)",
                    ("@lab", labId),
                    ("@note", note.NoteId),
                    ("@kind", (int)note.Kind),
                    ("@at", note.At.ToUnixTimeMilliseconds()),
                    ("@text", note.Text));
                return session.First($"{NoteColumns} WHERE lab_id = @lab AND note_id = @note", ReadNote, ("@lab", labId), ("@note", note.NoteId))!;
            },
            cancellationToken);

    public Task<IReadOnlyList<SupportNoteRecord>> ListSupportNotesAsync(string labId, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<SupportNoteRecord>>(
            session => session.Query($"{NoteColumns} WHERE lab_id = @lab ORDER BY number", ReadNote, ("@lab", labId)),
            cancellationToken);

    private static SupportNoteRecord ReadNote(SqliteDataReader row) => new(row.GetString(0), ReadTime(row, 1), (SupportNoteKind)row.GetInt32(2), row.GetString(3));
}
