using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Processes and the names that they have taken.</summary>
internal sealed partial class SqliteCollectorStore
{
    /// <summary>A page of the largest size in the log and in the file, for each of two requests that were begun between two heartbeats.</summary>
    private const long RoomForPages = 4 * 16 * 1024 * 1024;

    public Task<Holder> RegisterAsync(string instance, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                session.Execute(
                    "INSERT INTO instances (instance, epoch, beats) VALUES (@instance, 1, 0) ON CONFLICT DO UPDATE SET epoch = epoch + 1, beats = 0",
                    ("@instance", instance));
                return new Holder(instance, EpochOf(session, instance));
            },
            cancellationToken);

    public Task<bool> BeatAsync(Holder holder, CancellationToken cancellationToken)
    {
        if (file.FreeBytes < RoomForPages)
        {
            throw new MeshException(ErrorReason.Unavailable, $"collector.db needs {RoomForPages >> 20} MiB free on its disk for the next pages.");
        }

        return file.WriteAsync(
            session => session.Execute(
                "UPDATE instances SET beats = beats + 1 WHERE instance = @instance AND epoch = @epoch",
                ("@instance", holder.Instance),
                ("@epoch", holder.Epoch)) == 1,
            cancellationToken);
    }

    public Task<IReadOnlyList<Heartbeat>> ListHeartbeatsAsync(CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<Heartbeat>>(
            session => session.Query("SELECT instance, epoch, beats FROM instances", row => new Heartbeat(new(row.GetString(0), row.GetInt64(1)), row.GetInt64(2))),
            cancellationToken);

    private static long EpochOf(SqliteSession session, string instance) =>
        session.Number("SELECT epoch FROM instances WHERE instance = @instance", ("@instance", instance));
}
