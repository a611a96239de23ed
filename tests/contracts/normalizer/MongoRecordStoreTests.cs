using IssueObservatory.Mesh.Normalizer;

namespace IssueObservatory.Mesh.Tests.Normalizer;

public sealed class MongoRecordStoreTests(MongoTestServer server) : RecordStoreContract, IClassFixture<MongoTestServer>
{
    private readonly MongoRecordDatabases databases = new(server);

    private protected override Task<IRecordStore> OpenAsync() => Task.FromResult<IRecordStore>(databases.Open());

    private protected override Task CloseAsync()
    {
        databases.Dispose();
        return Task.CompletedTask;
    }
}
