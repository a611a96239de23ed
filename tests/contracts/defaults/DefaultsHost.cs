using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>A real host with the defaults on two free ports, and whatever a test adds to it.</summary>
internal sealed class DefaultsHost : IAsyncDisposable
{
    private DefaultsHost(WebApplication app, LogRecords logs)
    {
        App = app;
        Logs = logs;
        var listeners = app.Services.GetRequiredService<MeshListeners>();
        Callers = GrpcChannel.ForAddress(listeners.Callers);
        Internal = GrpcChannel.ForAddress(listeners.Internal);
    }

    public WebApplication App { get; }

    public LogRecords Logs { get; }

    public GrpcChannel Callers { get; }

    public GrpcChannel Internal { get; }

    public IServiceProvider Services => App.Services;

    public string InternalKey => Services.GetRequiredService<InternalKey>().Key.Reveal();

    public static async Task<DefaultsHost> StartAsync(
        Action<WebApplicationBuilder>? add = null,
        Action<WebApplication>? map = null,
        IReadOnlyDictionary<string, string?>? settings = null,
        params string[] services)
    {
        var (app, logs) = Build(add, map, settings, services);
        await app.StartAsync();
        return new DefaultsHost(app, logs);
    }

    public static (WebApplication App, LogRecords Logs) Build(Action<WebApplicationBuilder>? add = null, Action<WebApplication>? map = null, IReadOnlyDictionary<string, string?>? settings = null, params string[] services)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "defaults-tests" });
        builder.Configuration.AddInMemoryCollection(settings);
        var logs = new LogRecords();
        builder.Logging.SetMinimumLevel(LogLevel.Debug).AddProvider(logs);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<ICallerKeys>(new KnownCallers());
        builder.AddMeshDefaults("host", services);
        add?.Invoke(builder);
        var app = builder.Build();
        app.MapMeshDefaults();
        map?.Invoke(app);
        return (app, logs);
    }

    /// <summary>Headers of a service of the mesh.</summary>
    public Metadata AsService(string lab = "lab-1") => new() { { "mesh-internal-key", InternalKey }, { "mesh-lab-id", lab } };

    public async ValueTask DisposeAsync()
    {
        Callers.Dispose();
        Internal.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
    }

    /// <summary>Headers of a caller.</summary>
    public static Metadata AsCaller(string key) => new() { { "authorization", $"Bearer {key}" } };
}

/// <summary>Three callers, told apart by what they may do.</summary>
internal sealed class KnownCallers : ICallerKeys
{
    public const string Reader = "key-of-a-reader";
    public const string Collector = "key-of-a-collector";
    public const string Administrator = "key-of-an-administrator";

    public ICallerIdentity? Find(string presented) => presented switch
    {
        Reader => new CallerIdentity { LabId = "lab-1", Caller = "reader", Rights = [Right.Read] },
        Collector => new CallerIdentity { LabId = "lab-1", Caller = "collector", Rights = [Right.Read, Right.Collect] },
        Administrator => new CallerIdentity { LabId = "lab-2", Caller = "administrator", Rights = [Right.Admin] },
        _ => null,
    };
}
