using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What callers have got: one row a lab.</summary>
internal sealed partial class SqliteCollectorStore
{
    public Task<LabTurns> ReadTurnsAsync(string labId, CancellationToken cancellationToken) => file.ReadAsync(session => ReadTurns(session, labId), cancellationToken);

    public Task ChangeTurnsAsync(string labId, Func<LabTurns, LabTurns> change, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session => session.Execute(
                "INSERT OR REPLACE INTO turns (lab_id, document) VALUES (@lab, @document)",
                ("@lab", labId),
                ("@document", CollectorJson.Write(change(ReadTurns(session, labId))))),
            cancellationToken);

    private static LabTurns ReadTurns(SqliteSession session, string labId) =>
        session.First("SELECT document FROM turns WHERE lab_id = @lab", row => CollectorJson.Read<LabTurns>(row.GetString(0)), ("@lab", labId)) ?? LabTurns.None;
}
