using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.TokenBroker;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Tests.Broker;

/// <summary>A broker on a real file with a scripted token endpoint; <see cref="Restart"/> is a new process on the same folder.</summary>
internal sealed class BrokerBench : IDisposable
{
    public const string ClientKey = "canary-key-Zq81";
    public const string ClientSecret = "canary-secret-Xw77";

    public static readonly CredentialKey Key = new("default", "one");

    private SqliteCredentialStore store = null!;

    public BrokerBench() => Restart();

    public TemporaryFolder Folder { get; } = new();

    public ManualTime Clock { get; } = new();

    public ScriptedEndpoint Endpoint { get; } = new();

    public RecordedEvents Events { get; } = new();

    public RecordedLog Log { get; } = new();

    public AccessTokens Tokens { get; private set; } = null!;

    public CredentialBook Credentials { get; private set; } = null!;

    public void Restart()
    {
        store?.Dispose();
        store = new(SqliteFile.Open(Folder.PathOf("token-broker.db"), SqliteCredentialStore.Schema));
        var vault = new CredentialVault(() => MasterKey.LoadOrMake(Folder.PathOf(MasterKey.FileName)));
        var metrics = new TokenMetrics(Clock);
        Tokens = new(store, vault, new ProcessRenewalLock(), Endpoint, Events, metrics, new(), Clock, new Logger<AccessTokens>(new LoggerFactory([Log])));
        Credentials = new(store, vault, metrics, Clock);
    }

    public Task PutAsync(string id = "one", string secret = ClientSecret) =>
        Credentials.PutAsync(new("default", id), "default", new(new(ClientKey), new(secret)), CancellationToken.None);

    public Task<AccessToken> GetAsync(string id = "") => Tokens.GetAsync("default", id, CancellationToken.None);

    public ICredentialStore Store => store;

    public void Dispose()
    {
        store.Dispose();
        Folder.Dispose();
    }
}

/// <summary>TikTok's token endpoint, as the test tells it to be.</summary>
internal sealed class ScriptedEndpoint : ITokenEndpoint
{
    private int requests;

    public int Requests => requests;

    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Holds every answer back until completed.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>What it says instead of a token.</summary>
    public TokenAnswer? Instead { get; set; }

    public List<string> Secrets { get; } = [];

    public async Task<TokenAnswer> RequestAsync(CredentialSecrets secrets, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref requests);
        lock (Secrets)
        {
            Secrets.Add(secrets.ClientSecret.Reveal());
        }

        await Gate.WaitAsync(cancellationToken);
        return Instead ?? new TokenAnswer.Granted(new($"canary-token-{number}-Kp42"), Lifetime);
    }
}

internal sealed class RecordedEvents : IEvents
{
    public List<object> Published { get; } = [];

    public Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
        where TEvent : class
    {
        lock (Published)
        {
            Published.Add(message);
        }

        return Task.CompletedTask;
    }
}

internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly List<string> lines = [];

    public string Text
    {
        get
        {
            lock (lines)
            {
                return string.Join('\n', lines);
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (lines)
        {
            lines.Add($"{formatter(state, exception)} {exception}");
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose()
    {
    }
}
