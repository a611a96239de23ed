using Microsoft.Extensions.Configuration;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// The servers of a cluster. The connection strings alone choose how the mesh runs: all of them set, a cluster; none, one process over files.
/// The values hold passwords.
/// </summary>
/// <param name="MongoDb">Where documents live.</param>
/// <param name="Redis">Where tokens, locks and mirrors live.</param>
/// <param name="RabbitMq">Where events go.</param>
public sealed record ClusterServers(Secret<string> MongoDb, Secret<string> Redis, Secret<string> RabbitMq)
{
    /// <summary>The servers that are set; null when none is, and the mesh keeps everything in its own process.</summary>
    /// <exception cref="StartRefusedException">Some are set and some are not, or one cannot be read.</exception>
    public static ClusterServers? Find(IConfiguration configuration)
    {
        var strings = new ConnectionStrings(configuration);
        var found = new[] { nameof(MongoDb), nameof(Redis), nameof(RabbitMq) }.ToDictionary(name => name, strings.Find, StringComparer.Ordinal);
        var missing = found.Where(server => server.Value is null).Select(server => $"ConnectionStrings:{server.Key}").ToList();
        return missing.Count switch
        {
            0 => new(found[nameof(MongoDb)]!.Value, found[nameof(Redis)]!.Value, found[nameof(RabbitMq)]!.Value),
            _ when missing.Count == found.Count => null,
            _ => throw new StartRefusedException($"{string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} missing: a cluster needs ConnectionStrings:MongoDb, ConnectionStrings:Redis and ConnectionStrings:RabbitMq (each also as …_FILE); one process needs none of them."),
        };
    }
}
