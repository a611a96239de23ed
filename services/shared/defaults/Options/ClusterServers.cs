using Microsoft.Extensions.Configuration;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// How the mesh runs: with the connection strings of a cluster's servers its services share them, with none of them one process keeps everything in files.
/// Each service is told only of the servers that it uses.
/// </summary>
public static class ClusterServers
{
    private const string MongoDb = "MongoDb";
    private const string RabbitMq = "RabbitMq";
    private const string Redis = "Redis";

    /// <summary>Whether a service is one of a cluster, which then has MongoDB and RabbitMQ.</summary>
    /// <exception cref="StartRefusedException">One of them is set and the other is not, or one cannot be read.</exception>
    public static bool AreSet(IConfiguration configuration) => AreSet(configuration, [MongoDb, RabbitMq]);

    /// <summary>As <see cref="AreSet(IConfiguration)"/>, for a service that needs Redis too.</summary>
    /// <exception cref="StartRefusedException">Some are set and some are not, or one cannot be read.</exception>
    public static bool AreSetWithRedis(IConfiguration configuration) => AreSet(configuration, [MongoDb, Redis, RabbitMq]);

    private static bool AreSet(IConfiguration configuration, IReadOnlyList<string> needed)
    {
        var strings = new ConnectionStrings(configuration);
        var missing = needed.Where(name => strings.Find(name) is null).Select(name => $"ConnectionStrings:{name}").ToList();
        return missing.Count == 0
            || (missing.Count == needed.Count
                ? false
                : throw new StartRefusedException(
                    $"{string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} missing: in a cluster this service needs {string.Join(", ", needed.Select(name => $"ConnectionStrings:{name}"))} (each also as …_FILE); one process needs none of them."));
    }
}
