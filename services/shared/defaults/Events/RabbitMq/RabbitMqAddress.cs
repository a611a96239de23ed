using RabbitMQ.Client;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Where the broker is, and who we are there.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its AMQP port.</param>
/// <param name="VirtualHost">The part of it that is this mesh's.</param>
/// <param name="User">The user.</param>
/// <param name="Password">The user's password.</param>
internal sealed record RabbitMqAddress(string Host, ushort Port, string VirtualHost, string User, Secret<string> Password)
{
    private const string Name = "RabbitMq";
    private const string Allowed = "amqp://user:password@host:port/vhost (port and vhost may be left out)";
    private const ushort UsualPort = 5672;

    /// <summary>What <c>ConnectionStrings:RabbitMq</c> says; null when it says nothing.</summary>
    /// <exception cref="StartRefusedException">It says something else than an address.</exception>
    public static RabbitMqAddress? Find(ConnectionStrings connections) =>
        connections.Find(Name) is { } found ? Parse(found.Reveal()) ?? throw connections.Malformed(Name, Allowed) : null;

    /// <summary>A connection of our own beside the bus; <paramref name="purpose"/> is what the broker's list of connections shows.</summary>
    public Task<IConnection> ConnectAsync(string purpose, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            HostName = Host,
            Port = Port,
            VirtualHost = VirtualHost,
            UserName = User,
            Password = Password.Reveal(),
            ClientProvidedName = purpose,
            AutomaticRecoveryEnabled = false,
        };
        return factory.CreateConnectionAsync(cancellationToken);
    }

    /// <summary>Host, port and virtual host: what may be shown.</summary>
    public override string ToString() => $"{Host}:{Port}{(VirtualHost == "/" ? "/" : "/" + VirtualHost)}";

    private static RabbitMqAddress? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != "amqp" || uri.Host.Length == 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return null;
        }

        var virtualHost = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        return uri.AbsolutePath.Count(letter => letter == '/') <= 1 && uri.UserInfo.Split(':') is [{ Length: > 0 } user, { Length: > 0 } password] && uri.Port != 0
            ? new(uri.Host, uri.Port < 0 ? UsualPort : (ushort)uri.Port, virtualHost.Length == 0 ? "/" : virtualHost, Uri.UnescapeDataString(user), new(Uri.UnescapeDataString(password)))
            : null;
    }
}
