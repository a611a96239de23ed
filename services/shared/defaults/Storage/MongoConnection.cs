using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// The MongoDB that a process keeps its documents in. Opening it never waits for the server: it is connected to when it is needed, again and again,
/// and what cannot be done meanwhile fails as UNAVAILABLE within seconds. What was written is on a majority's disk before it counts.
/// </summary>
public sealed class MongoConnection : IDisposable
{
    private const int NotAllowed = 13;
    private const int NotAuthenticated = 18;
    private const int DiskFull = 14031;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestOperation = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestReplication = TimeSpan.FromSeconds(10);

    private readonly MongoClient client;

    private MongoConnection(MongoUrl url)
    {
        var settings = MongoClientSettings.FromUrl(url);
        settings.ApplicationName = "mesh";
        settings.ConnectTimeout = Patience;
        settings.ServerSelectionTimeout = Patience;
        settings.SocketTimeout = LongestOperation;
        client = new MongoClient(settings);
        Place = string.Join(", ", url.Servers);
    }

    /// <summary>Hosts and ports, for messages; never the user.</summary>
    public string Place { get; }

    /// <summary>A connection to the servers of the connection string <paramref name="name"/>; null when there is none.</summary>
    /// <exception cref="StartRefusedException">It cannot be read; the message does not repeat it.</exception>
    public static MongoConnection? Find(ConnectionStrings connections, string name)
    {
        ArgumentNullException.ThrowIfNull(connections);
        if (connections.Find(name) is not { } text)
        {
            return null;
        }

        try
        {
            return new MongoConnection(MongoUrl.Create(text.Reveal()));
        }
#pragma warning disable MA0054 // The driver's message quotes what it could not read, and with it the password.
        catch (Exception unreadable) when (unreadable is MongoException or ArgumentException or FormatException)
        {
            throw connections.Malformed(name, "like mongodb://user:password@host:27017/?authSource=admin");
        }
#pragma warning restore MA0054
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    internal IMongoDatabase Database(string name) => client.GetDatabase(name)
        .WithReadConcern(ReadConcern.Majority)
        .WithWriteConcern(WriteConcern.WMajority.With(wTimeout: LongestReplication, journal: true));

    /// <summary>What MongoDB or the way to it refused, in a sentence for people; null when it is a defect of ours.</summary>
    internal MeshException? Explain(Exception failed) => failed switch
    {
        MongoAuthenticationException => Unavailable("refuses the user or the password", failed),
        MongoCommandException { Code: NotAllowed or NotAuthenticated } => Unavailable("does not let this user do what is needed", failed),
        MongoCommandException { Code: DiskFull } => Unavailable("has no room left on its disk", failed),
        MongoConnectionException or TimeoutException => Unavailable("cannot be reached", failed),
        MongoCommandException command => Unavailable($"refused a command (code {command.Code})", failed),
        MongoException => Unavailable($"could not do what was asked ({failed.GetType().Name})", failed),
        _ => null,
    };

    private MeshException Unavailable(string what, Exception failed) => new(V1.ErrorReason.Unavailable, $"MongoDB at {Place} {what}.", failed);
}
