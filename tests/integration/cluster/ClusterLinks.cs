using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Each connection from one part of a cluster to another goes through a proxy of its own, so that any two can be parted.</summary>
internal sealed class ClusterLinks : IAsyncDisposable
{
    private readonly Dictionary<(string From, string To), TcpProxy> links = [];

    /// <summary>A way from a process to something that listens; answers the proxy's port.</summary>
    public int Add(string from, string to, int port)
    {
        if (!links.TryGetValue((from, to), out var link))
        {
            link = TcpProxy.Start(port);
            links.Add((from, to), link);
        }

        return link.Port;
    }

    /// <summary>
    /// The ways from one to the other. A service's name means each of its processes; servers are called <c>mongodb</c>, <c>redis</c>,
    /// <c>rabbitmq</c> and <c>tiktok</c>.
    /// </summary>
    public IReadOnlyList<TcpProxy> Between(string from, string to)
    {
        List<TcpProxy> found = [.. links.Where(link => Is(link.Key.From, from) && Is(link.Key.To, to)).Select(link => link.Value)];
        return found.Count > 0 ? found : throw new ArgumentException($"Nothing goes from {from} to {to}.", nameof(to));
    }

    /// <summary>Every way to one, whoever uses it.</summary>
    public IReadOnlyList<TcpProxy> To(string to) => [.. links.Where(link => Is(link.Key.To, to)).Select(link => link.Value)];

    /// <summary>Every way from and to one: what a process loses with its network.</summary>
    public IReadOnlyList<TcpProxy> Of(string name) => [.. links.Where(link => Is(link.Key.From, name) || Is(link.Key.To, name)).Select(link => link.Value)];

    /// <summary>Ends every disturbance.</summary>
    public void Heal()
    {
        foreach (var link in links.Values)
        {
            link.Heal();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in links.Values)
        {
            await link.DisposeAsync();
        }
    }

    private static bool Is(string name, string asked) =>
        string.Equals(name, asked, StringComparison.Ordinal) || (name.StartsWith(asked + "-", StringComparison.Ordinal) && char.IsAsciiDigit(name[^1]) && name.LastIndexOf('-') == asked.Length);
}
