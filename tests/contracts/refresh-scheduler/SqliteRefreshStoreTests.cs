using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.RefreshScheduler;

namespace IssueObservatory.Mesh.Tests.Contracts.RefreshScheduler;

public sealed class SqliteRefreshStoreTests : RefreshStoreContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-refresh-store-").FullName;
    private readonly SqlitePlans plans = new("refresh_batches");
    private readonly List<SqliteFile> files = [];

    private string File => Path.Combine(folder, "refresh-scheduler.db");

    public void Dispose()
    {
        files.ForEach(plans.Watch);
        files.ForEach(file => file.Dispose());
        plans.Check(File);
        Directory.Delete(folder, recursive: true);
    }

    private protected override IRefreshStore Open()
    {
        files.Add(SqliteFile.Open(File, RefreshSchema.Steps));
        return new SqliteRefreshStore(files[^1]);
    }
}
