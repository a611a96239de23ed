using System.Net;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// The Redis of a process. Opening it never waits for the server: it is connected to in the background, for ever, with growing pauses.
/// Every question has a deadline; after two that failed, nobody asks for two seconds, so that a server that hangs delays nobody for long.
/// Nothing that must not be lost may live there.
/// </summary>
public sealed partial class RedisConnection : IAsyncDisposable
{
    private const string Name = "Redis";
    private const int FirstPauseMilliseconds = 250;
    private const int LongestPauseMilliseconds = 5000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions configuration;
    private readonly TimeProvider time;
    private readonly ILogger<RedisConnection> logger;
    private readonly ResiliencePipeline breaker;
    private readonly Lock gate = new();
    private Task<ConnectionMultiplexer>? connecting;
    private bool? answers;

    private RedisConnection(ConfigurationOptions configuration, TimeProvider time, ILogger<RedisConnection> logger)
    {
        this.configuration = configuration;
        this.time = time;
        this.logger = logger;
        Place = string.Join(", ", configuration.EndPoints.Select(endpoint => endpoint.ToString()!.Replace("Unspecified/", "", StringComparison.Ordinal)));
        breaker = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<MeshException>(),
                FailureRatio = 0.9,
                MinimumThroughput = 2,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(2),
            })
            .Build();
    }

    /// <summary>Host and port, for messages; never the password.</summary>
    public string Place { get; }

    /// <summary>Whether the server has answered since the process started.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>A connection to the server of <c>ConnectionStrings:Redis</c>; null when there is none.</summary>
    /// <exception cref="StartRefusedException">It cannot be read; the message does not repeat it.</exception>
    public static RedisConnection? Find(ConnectionStrings connections, TimeProvider time, ILogger<RedisConnection> logger)
    {
        ArgumentNullException.ThrowIfNull(connections);
        if (connections.Find(Name) is not { } text)
        {
            return null;
        }

        try
        {
            var parsed = ConfigurationOptions.Parse(text.Reveal());
            return parsed.EndPoints.Count > 0 && parsed.EndPoints.All(IsPlace) ? new(Patiently(parsed), time, logger) : throw new FormatException("No host.");
        }
#pragma warning disable MA0054 // The library's message quotes what it could not read, and with it the password.
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException)
        {
            throw connections.Malformed(Name, "like host:6379,password=…");
        }
#pragma warning restore MA0054
    }

    /// <summary>Asks the server within a second.</summary>
    /// <exception cref="MeshException">UNAVAILABLE: there was no answer; what was asked for may have happened.</exception>
    public Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancellationToken) => AskAsync(ask, Patience, cancellationToken);

    /// <summary>Asks the server within <paramref name="patience"/>, at most a second.</summary>
    /// <exception cref="MeshException">UNAVAILABLE: there was no answer; what was asked for may have happened.</exception>
    public async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(ask);
        try
        {
            return await breaker.ExecuteAsync(async token => await TryAsync(ask, patience, token), cancellationToken);
        }
        catch (BrokenCircuitException broken)
        {
            throw broken.InnerException as MeshException ?? Unavailable("cannot be reached", broken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? opened;
        lock (gate)
        {
            opened = connecting;
        }

        if (opened is { IsCompletedSuccessfully: true })
        {
            await (await opened).DisposeAsync();
        }
    }

    /// <summary>The library takes <c>a:b:c</c> for the name of a host, which nobody will ever find.</summary>
    private static bool IsPlace(EndPoint endpoint) => endpoint is not DnsEndPoint { Host: var host } || !host.Contains(':', StringComparison.Ordinal);

    private static ConfigurationOptions Patiently(ConfigurationOptions options)
    {
        options.ClientName = "mesh";
        options.AbortOnConnectFail = false;
        options.ConnectRetry = 1;
        options.ConnectTimeout = (int)Patience.TotalMilliseconds;
        options.AsyncTimeout = (int)Patience.TotalMilliseconds;
        options.SyncTimeout = (int)Patience.TotalMilliseconds;
        options.KeepAlive = 5;
        options.ReconnectRetryPolicy = new ExponentialRetry(FirstPauseMilliseconds, LongestPauseMilliseconds);
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.IncludeDetailInExceptions = false;
        return options;
    }

    private async Task<T> TryAsync<T>(Func<IDatabase, Task<T>> ask, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            var server = await ConnectAsync().WaitAsync(patience, cancellationToken);
            var answer = await ask(server.GetDatabase()).WaitAsync(patience, cancellationToken);
            Note(isThere: true);
            return answer;
        }
        catch (Exception failed) when (failed is RedisException or TimeoutException or InvalidOperationException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // When a connection dies the library cancels what was on its way, or finds that its pipe is closed.
            var explained = Unavailable(Refuses(failed) ? "refuses the password" : "cannot be reached", failed);
            Note(isThere: false, explained.Message);
            throw explained;
        }
    }

    /// <summary>The first attempt; from then on the library itself tries again for ever.</summary>
    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (gate)
        {
            return connecting is null or { IsFaulted: true } ? connecting = ConnectionMultiplexer.ConnectAsync(configuration) : connecting;
        }
    }

    private void Note(bool isThere, string problem = "")
    {
        lock (gate)
        {
            if (answers == isThere)
            {
                return;
            }

            var isNews = answers is not null || !isThere;
            answers = isThere;
            HasAnswered |= isThere;
            if (!isNews)
            {
                return;
            }
        }

        if (isThere)
        {
            Log.Back(logger, Place);
        }
        else
        {
            Log.Gone(logger, problem);
        }
    }

    private static bool Refuses(Exception failed) =>
        failed is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
        || (failed is RedisServerException && (failed.Message.StartsWith("NOAUTH", StringComparison.Ordinal) || failed.Message.StartsWith("WRONGPASS", StringComparison.Ordinal)))
        || (failed.InnerException is { } inner && Refuses(inner));

    private MeshException Unavailable(string what, Exception failed) => new(ErrorReason.Unavailable, $"Redis at {Place} {what}.", failed);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Problem} It is tried again until it answers.")]
        public static partial void Gone(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Information, "Redis at {Place} answers again.")]
        public static partial void Back(ILogger logger, string place);
    }
}
