using IssueObservatory.Mesh.Normalizer;
using MongoDB.Bson;
using MongoDB.Driver;

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

    private protected override async Task WriteAsAnOlderVersionAsync()
    {
        // A lab's change log knows of what was written through it, so what is old is put in the place of what this version writes.
        await databases.Open().KeepAsync(SamplePages.Lab, SamplePages.Page("p", SamplePages.Now, SamplePages.Item("1", "a")), SamplePages.Now, CancellationToken.None);
        var records = server.Client.GetDatabase(databases.Records.Database);
        var identified = server.Client.GetDatabase(databases.Identified.Database);
        await records.GetCollection<BsonDocument>(MongoRecordSchema.Records)
            .UpdateOneAsync(new BsonDocument(), new BsonDocument { ["$set"] = new BsonDocument("document", Video), ["$unset"] = new BsonDocument("type", "") });
        await records.GetCollection<BsonDocument>(MongoRecordSchema.Matches).UpdateOneAsync(new BsonDocument(), new BsonDocument("$unset", new BsonDocument("type", "")));
        await identified.GetCollection<BsonDocument>(MongoRecordSchema.Names)
            .InsertOneAsync(new() { ["_id"] = $"{SamplePages.Lab}/1", ["platform_id"] = "1", ["username"] = "bo", ["read"] = "00000000000001 p 00000" });
        await identified.GetCollection<BsonDocument>(MongoRecordSchema.OldProfiles)
            .InsertOneAsync(new() { ["_id"] = $"{SamplePages.Lab}/anna", ["document"] = Profile, ["read"] = "00000000000005 u 00000" });
        databases.Dispose();
    }
}
