using Microsoft.Extensions.Configuration;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Where the servers of a cluster are: <c>ConnectionStrings:{name}</c>, or <c>ConnectionStrings:{name}_FILE</c>, the path of a file that holds the value.
/// The values hold passwords: no message ever shows one.
/// </summary>
public sealed class ConnectionStrings(IConfiguration configuration)
{
    private const string Section = "ConnectionStrings";
    private const string FileSuffix = "_FILE";

    /// <summary>The connection string of a server, e.g. <c>RabbitMq</c>; null when the mesh is to do without it.</summary>
    /// <exception cref="StartRefusedException">Both keys are set, or the file cannot be read or is empty.</exception>
    public Secret<string>? Find(string name)
    {
        var key = KeyOf(name);
        var value = configuration[key]?.Trim() ?? "";
        if (configuration[key + FileSuffix] is not { Length: > 0 } path)
        {
            return value.Length > 0 ? new Secret<string>(value) : null;
        }

        return value.Length == 0
            ? new Secret<string>(ReadFile(key + FileSuffix, path))
            : throw new StartRefusedException($"{key} and {key}{FileSuffix} are both set; only one of them is allowed.");
    }

    /// <summary>The refusal of a value that is malformed.</summary>
    /// <param name="name">The server, as in <see cref="Find"/>.</param>
    /// <param name="allowed">What is allowed, e.g. <c>amqp://user:password@host:port/vhost</c>.</param>
    public StartRefusedException Malformed(string name, string allowed)
    {
        var key = KeyOf(name);
        var set = string.IsNullOrEmpty(configuration[key + FileSuffix]) ? $"{key} must be" : $"{key}{FileSuffix} names a file that must hold";
        return new StartRefusedException($"{set} {allowed}.");
    }

    private static string KeyOf(string name) => $"{Section}:{name}";

    private static string ReadFile(string key, string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } value ? value : throw new StartRefusedException($"{key} names a file that is empty; it must hold the connection string.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StartRefusedException($"{key} names a file that cannot be read; it must be the path of a file that holds the connection string.", unreadable);
        }
    }
}
