using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.Configuration;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Tests;

/// <summary>What the tests of stores ask of a MongoDB.</summary>
internal static class MongoTestServers
{
    /// <summary>A connection as a service opens it.</summary>
    public static MongoConnection Connect(this MongoTestServer server) =>
        MongoConnection.Find(
            new ConnectionStrings(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:MongoDb", server.ConnectionString)]).Build()),
            "MongoDb")!;

    /// <summary>Every document of a collection, without the version that its store keeps in it, by <c>_id</c>.</summary>
    public static async Task<List<BsonDocument>> AllAsync(this MongoTestServer server, string database, string collection)
    {
        var all = await server.Client.GetDatabase(database).GetCollection<BsonDocument>(collection).Find(new BsonDocument()).Sort(new BsonDocument("_id", 1)).ToListAsync();
        all.ForEach(document => document.Remove("v"));
        return all;
    }
}
