using IssueObservatory.Mesh.Normalizer;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class SqliteRecordStoreTests : RecordStoreContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mesh-records-").FullName;
    private SqliteRecordStore? open;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private protected override Task<IRecordStore> OpenAsync()
    {
        open = new SqliteRecordStore(Path.Combine(folder, "normalizer.db"), Path.Combine(folder, "identified.db"));
        return Task.FromResult<IRecordStore>(open);
    }

    private protected override Task CloseAsync()
    {
        open?.Dispose();
        return Task.CompletedTask;
    }
}
