using System.Globalization;
using System.Security.Cryptography;
using Grpc.Core;
using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>
/// A whole cluster on loopback: real Redis and RabbitMQ, a MongoDB, the sandbox as referee, and several processes of every service, each
/// connection through a proxy of its own. Everything in it may be killed, paused, cut off and started again; nothing of it outlives the test.
/// </summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private const string MongoDb = "mongodb";
    private const string Redis = "redis";
    private const string RabbitMq = "rabbitmq";
    private const string TikTok = "tiktok";

    public static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(240);

    private readonly ClusterOptions options;
    private readonly TemporaryFolder folder = new();
    private readonly List<ServiceProcess> processes = [];
    private MongoTestServer? mongoDb;
    private RedisServer? redis;
    private RabbitMqServer? rabbitMq;
    private SandboxServer? sandbox;
    private SharedSettings? shared;
    private string rabbitMqAddress = "";

    private RunningCluster(ClusterOptions options) => this.options = options;

    /// <summary>Who asked the Research API for what.</summary>
    public SandboxServer Sandbox => sandbox!;

    public MongoTestServer MongoDbServer => mongoDb!;

    public RedisServer RedisServer => redis!;

    public RabbitMqServer RabbitMqServer => rabbitMq!;

    /// <summary>The ways between the parts.</summary>
    public ClusterLinks Links { get; } = new();

    /// <summary>What clients of Redis must say.</summary>
    public string RedisPassword { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>This cluster's part of the broker, without a proxy before it.</summary>
    public string RabbitMqAddress => rabbitMqAddress;

    public IReadOnlyList<ServiceProcess> Processes => processes;

    /// <summary>The key of a caller with every right, for <c>--key-file</c>.</summary>
    public string CallerKeyFile => shared!.CallerKeyFile;

    public string CallerKey => shared!.CallerKey;

    /// <summary>The key that its services know each other by.</summary>
    public string InternalKey => shared!.InternalKey;

    /// <summary>What a service of the mesh says when it calls another for the lab.</summary>
    public Metadata AsService => shared!.AsService;

    /// <summary>Starts everything; every process is ready.</summary>
    public static async Task<RunningCluster> StartAsync(ClusterOptions options, CancellationToken cancellationToken)
    {
        var cluster = new RunningCluster(options);
        try
        {
            await cluster.StartServersAsync(cancellationToken);
            cluster.Prepare();
            cluster.processes.ForEach(process => process.Start());
            await cluster.ReadyAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>One process of a service.</summary>
    public ServiceProcess Process(string service, int index) =>
        processes.Single(process => process.Name == string.Create(CultureInfo.InvariantCulture, $"{service}-{index}"));

    /// <summary>Every process of a service.</summary>
    public IReadOnlyList<ServiceProcess> Of(string service) => [.. processes.Where(process => process.Service == service)];

    /// <summary>Waits until every process that runs is ready.</summary>
    /// <exception cref="TimeoutException">One is not in time.</exception>
    public Task ReadyAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(processes.Where(process => process.IsRunning).Select(process => process.ReadyAsync(LongestStart, cancellationToken)));

    /// <summary>An arena that calls one of the collectors.</summary>
    public MeshCaller Caller(int collector) => new(Process("collector", collector).Callers, CallerKey);

    /// <summary>Runs the command <c>mesh</c> against one of the collectors.</summary>
    public Task<ProgramResult> MeshAsync(int collector, CancellationToken cancellationToken, params IEnumerable<string> arguments) =>
        RunningProgram.MeshAsync(
            new Dictionary<string, string>(StringComparer.Ordinal),
            cancellationToken,
            [.. arguments, "--server", Process("collector", collector).Callers.ToString(), "--key-file", CallerKeyFile]);

    /// <summary>Path of a file that ends with the cluster.</summary>
    public string PathOf(string file) => folder.PathOf(file);

    /// <summary>The last lines of every process's log.</summary>
    public string LastLines(int lines) => string.Join('\n', processes.SelectMany(process => process.Log
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines).Select(line => $"{process.Name}{(process.IsRunning ? "" : " (ended)")}: {line}")));

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        await Links.DisposeAsync();
        foreach (var server in (IAsyncDisposable?[])[sandbox, rabbitMq, redis, mongoDb])
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }

        folder.Dispose();
    }

    private async Task StartServersAsync(CancellationToken cancellationToken)
    {
        Servers.Require();
        sandbox = await SandboxServer.StartAsync(options.Sandbox with { Manners = SandboxManners.Polite }, cancellationToken);
        async Task StartMongoDbAsync() => mongoDb = await MongoTestServer.StartAsync();
        async Task StartRedisAsync() => redis = await RedisServer.StartAsync(RedisPassword, options.RedisPersists);
        async Task StartRabbitMqAsync()
        {
            rabbitMq = await RabbitMqServer.StartAsync();
            rabbitMqAddress = await rabbitMq.NewVirtualHostAsync();
        }

        await Task.WhenAll(StartMongoDbAsync(), StartRedisAsync(), StartRabbitMqAsync());
        shared = new SharedSettings(folder, sandbox.Address);
    }

    private void Prepare()
    {
        foreach (var service in ServiceProcess.Services)
        {
            processes.AddRange(Enumerable.Range(0, options.Processes).Select(index => new ServiceProcess(service, index, folder.Path)));
        }

        foreach (var process in processes)
        {
            Tell(process, shared!.Environment);
            Tell(process, options.Settings);
            process.Environment["RESEARCH_API_BASE_URL"] = $"http://127.0.0.1:{Port(process, TikTok, Sandbox.Address.Port)}";
            process.Environment["ConnectionStrings__MongoDb_FILE"] = Secret(process, MongoDb, Through(MongoDbServer.ConnectionString, process, MongoDb));
            process.Environment["ConnectionStrings__Redis_FILE"] = Secret(process, Redis, RedisServer.ConnectionStringAt(Links.Add(process.Name, Redis, RedisServer.Port)));
            process.Environment["ConnectionStrings__RabbitMq_FILE"] = Secret(process, RabbitMq, Through(rabbitMqAddress, process, RabbitMq));
            foreach (var others in processes.Where(other => other.Service != process.Service).GroupBy(other => other.Service, StringComparer.Ordinal))
            {
                process.Environment[$"Services__{others.Key}"] = string.Join(',', others.Select(other => $"http://127.0.0.1:{Port(process, other.Name, other.Internal.Port)}"));
            }
        }
    }

    private static void Tell(ServiceProcess process, IEnumerable<KeyValuePair<string, string>> settings)
    {
        foreach (var (name, value) in settings)
        {
            process.Environment[name] = value;
        }
    }

    private string Port(ServiceProcess from, string to, int port) => Links.Add(from.Name, to, port).ToString(CultureInfo.InvariantCulture);

    /// <summary>The same server, by a way of this process's own.</summary>
    private string Through(string connectionString, ServiceProcess process, string server)
    {
        var there = new UriBuilder(connectionString);
        there.Port = Links.Add(process.Name, server, there.Port);
        return there.ToString();
    }

    private string Secret(ServiceProcess process, string server, string connectionString) => shared!.Keep($"{process.Name}.{server}", connectionString);
}
