using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>What every host of the mesh has: two ports, gRPC with identity and errors, health, reflection, the bus and telemetry.</summary>
public static class MeshDefaults
{
    private const string InternalKeyFile = "MESH_INTERNAL_KEY_FILE";
    private const string CallerKeyFile = "MESH_CALLER_KEY_FILE";

    /// <summary>Adds the defaults to a process that is one service.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">The service's folder name, e.g. <c>collector</c>.</param>
    public static WebApplicationBuilder AddMeshDefaults(this WebApplicationBuilder builder, string service)
    {
        StartFailure.ExplainUnhandled();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider>(provider => new StderrLog(Console.Error, LogLevel.Trace, provider.GetRequiredService<TimeProvider>()));

        // A key that this process made for itself would be refused by every other.
        var configuration = builder.Configuration;
        builder.Services.TryAddSingleton(_ => new InternalKey(AccessKey.FromFile(configuration[InternalKeyFile], InternalKeyFile)
            ?? throw new StartRefusedException($"{InternalKeyFile} is missing; set it to a file with the key that all services of the mesh share.")));
        return builder.AddMeshDefaults(service, [service]);
    }

    /// <summary>Adds the defaults to a process that answers for several services.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">Its name in traces.</param>
    /// <param name="services">The services that it answers for; it calls these through its own internal port.</param>
    public static WebApplicationBuilder AddMeshDefaults(this WebApplicationBuilder builder, string name, IReadOnlyList<string> services)
    {
        UnicodeCheck.Require();
        Failpoints.Arm(builder.Configuration[Failpoints.Variable]);
        TelemetryExport.Add(builder, name);
        builder.Logging
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("System.Net.Http", LogLevel.Warning)
            .AddFilter("Grpc", LogLevel.Warning)
            .AddFilter("MassTransit", LogLevel.Error)

            // Readiness tells the same once, and not at every look.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)

            // A refused start is explained by its own line; a worker that fails is critical here too.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);

        builder.Services.AddSingleton(new MeshHost(name, services));
        builder.Services.AddMeshOptions<MeshOptions>(MeshOptions.Section);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = MeshOptions.StopTime);
        builder.Services.TryAddSingleton<ConnectionStrings>();
        builder.Services.TryAddSingleton(OffsetClock.Of(builder.Configuration[OffsetClock.Variable]));
        builder.Services.TryAddSingleton(provider => OpenDataFolder(provider.GetRequiredService<IOptions<MeshOptions>>().Value));
        Readiness.Add(builder.Services);
        builder.Services.AddHostedService<HostAnnouncement>();

        var configuration = builder.Configuration;
        builder.Services.AddSingleton<IValidateOptions<MeshOptions>, KeyCheck>();
        builder.Services.TryAddSingleton(_ => new InternalKey(AccessKey.FromFile(configuration[InternalKeyFile], InternalKeyFile) ?? AccessKey.Create()));
        builder.Services.TryAddSingleton<ICallerKeys>(_ => new LocalCallerKey(AccessKey.FromFile(configuration[CallerKeyFile], CallerKeyFile)));

        builder.WebHost.UseKestrelCore();
        MeshListeners.Add(builder.Services);
        GrpcHost.Add(builder.Services);
        MeshBus.Add(builder);
        return builder;
    }

    /// <summary>Maps health and reflection; call it before the services map theirs.</summary>
    public static WebApplication MapMeshDefaults(this WebApplication app)
    {
        GrpcHost.Map(app);
        return app;
    }

    /// <summary>Runs a process of its own until it is told to stop. Told so before it has started, it ends all the same without a word.</summary>
    public static async Task RunMeshAsync(this WebApplication app)
    {
        // The host is gone when it has been run.
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What had not started yet was not started any more.
        }
    }

    private static DataFolder OpenDataFolder(MeshOptions options)
    {
        try
        {
            return DataFolder.Open(options.DataFolder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{MeshOptions.Section}:{nameof(MeshOptions.DataFolder)} names a folder that cannot be made or written to.", refused);
        }
    }
}
