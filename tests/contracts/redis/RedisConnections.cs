using IssueObservatory.Mesh.Defaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IssueObservatory.Mesh.Tests;

/// <summary>Connections to Redis as a service opens them.</summary>
internal static class RedisConnections
{
    public static RedisConnection Connect(this RedisServer server) => Open(server.ConnectionStringAt(server.Port));

    public static RedisConnection Open(string connectionString, ILogger<RedisConnection>? logger = null) => RedisConnection.Find(
        new ConnectionStrings(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Redis", connectionString)]).Build()),
        TimeProvider.System,
        logger ?? NullLogger<RedisConnection>.Instance)!;

    /// <summary>Asks until there is an answer.</summary>
    public static async Task UntilItAnswersAsync(this RedisConnection redis)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            try
            {
                await redis.AskAsync(database => database.PingAsync(), limit.Token);
                return;
            }
            catch (MeshException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
            }
        }
    }
}

/// <summary>One redis-server for the tests of a class.</summary>
public sealed class RedisFixture : Xunit.IAsyncLifetime
{
    /// <summary>The server.</summary>
    public RedisServer Server { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => Server = await RedisServer.StartAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
