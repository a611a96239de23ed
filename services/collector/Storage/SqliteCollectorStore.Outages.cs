using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Whether TikTok answers at all.</summary>
internal sealed partial class SqliteCollectorStore
{
    public Task<Outage> ReadOutageAsync(CancellationToken cancellationToken) => file.ReadAsync(ReadOutage, cancellationToken);

    public Task<(Outage Known, bool IsChanged)> ChangeOutageAsync(Func<Outage, Outage?> change, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                var before = ReadOutage(session);
                if (change(before) is not { } after || ReferenceEquals(after, before))
                {
                    return (before, false);
                }

                session.Execute("INSERT OR REPLACE INTO outage (id, document) VALUES (1, @document)", ("@document", CollectorJson.Write(after)));
                return (after, true);
            },
            cancellationToken);

    private static Outage ReadOutage(SqliteSession session) =>
        session.First("SELECT document FROM outage WHERE id = 1", row => CollectorJson.Read<Outage>(row.GetString(0))) ?? Outage.None;
}
