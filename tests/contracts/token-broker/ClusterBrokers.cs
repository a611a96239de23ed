using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.TokenBroker;
using Microsoft.Extensions.Logging.Abstractions;

namespace IssueObservatory.Mesh.Tests.Broker;

/// <summary>Token-brokers over one database and one Redis, each with connections of its own as in a process of its own.</summary>
internal sealed class ClusterBrokers(MongoTestServer mongo, RedisServer redis, TimeProvider clock) : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<IDisposable> opened = [];
    private readonly List<RedisConnection> connections = [];
    private readonly MongoSchema schema = MongoCredentialStore.Schema with { Database = mongo.NewDatabaseName() };

    public ScriptedTikTok TikTok { get; } = new();

    public MongoCredentialStore OpenStore() => OpenStore(Connect());

    /// <summary>What the brokers share of their tokens.</summary>
    public RedisTokenCache OpenCache() => new(Connect(), clock);

    /// <summary>One more broker. <paramref name="beforeTurn"/> happens after it has looked and before it has the turn.</summary>
    public (AccessTokens Tokens, CredentialBook Credentials) Open(Func<Task>? beforeTurn = null)
    {
        var connection = Connect();
        var store = OpenStore(connection);
        var vault = new CredentialVault(() => MasterKey.LoadOrMake(folder.PathOf(MasterKey.FileName)));
        var metrics = new TokenMetrics(clock);
        opened.Add(metrics);
        return (
            new(store, vault, new LateTurn(new RedisRenewalLock(connection, TimeProvider.System), beforeTurn), TikTok, new NoEvents(), metrics, new(), new ShownTime(clock), NullLogger<AccessTokens>.Instance),
            new(store, vault, metrics, clock));
    }

    public async ValueTask DisposeAsync()
    {
        opened.ForEach(one => one.Dispose());
        foreach (var connection in connections)
        {
            await connection.DisposeAsync();
        }

        folder.Dispose();
    }

    private RedisConnection Connect()
    {
        var connection = redis.Connect();
        connections.Add(connection);
        return connection;
    }

    private MongoCredentialStore OpenStore(RedisConnection connection)
    {
        var documents = mongo.Connect();
        var store = new MongoStore(documents, schema, TimeProvider.System);
        opened.AddRange([store, documents]);
        return new(store, new(connection, clock), clock);
    }

    /// <summary>TikTok's token endpoint: each question brings a new token, after a moment.</summary>
    internal sealed class ScriptedTikTok : ITokenEndpoint
    {
        private int questions;

        public int Questions => questions;

        /// <summary>Holds every answer back until completed.</summary>
        public Task Gate { get; set; } = Task.CompletedTask;

        public async Task<TokenAnswer> RequestAsync(CredentialSecrets secrets, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref questions);
            await Gate.WaitAsync(cancellationToken);
            return new TokenAnswer.Granted(new($"token-{number}"), TimeSpan.FromHours(2));
        }
    }

    private sealed class LateTurn(IRenewalLock renewals, Func<Task>? before) : IRenewalLock
    {
        public async Task<IAsyncDisposable?> TryTakeAsync(CredentialKey key, CancellationToken cancellationToken)
        {
            await (before?.Invoke() ?? Task.CompletedTask);
            return await renewals.TryTakeAsync(key, cancellationToken);
        }
    }

    private sealed class NoEvents : IEvents
    {
        public Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
            where TEvent : class => Task.CompletedTask;
    }
}
