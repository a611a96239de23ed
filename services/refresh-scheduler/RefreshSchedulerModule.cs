using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using CollectorClient = IssueObservatory.Mesh.V1.Collector.CollectorClient;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>The one place that wires the refresh-scheduler.</summary>
public static class RefreshSchedulerModule
{
    private const string Service = "refresh-scheduler";

    /// <summary>Adds what the refresh-scheduler needs besides the mesh's defaults.</summary>
    public static IHostApplicationBuilder AddRefreshScheduler(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddMeshOptions<RefreshSchedulerOptions>("RefreshScheduler");
        if (!ClusterServers.AreSet(builder.Configuration))
        {
            services.AddSingleton<IRefreshStore>(provider => SqliteRefreshStore.Open(provider.GetRequiredService<DataFolder>().PathOf("refresh-scheduler.db")));
        }
        else
        {
            services.AddMongoStore(Service, MongoRefreshSchema.Database);
            services.AddSingleton<IRefreshStore>(provider => new MongoRefreshStore(provider.GetRequiredKeyedService<MongoStore>(MongoRefreshSchema.Database.Database)));
        }

        services.AddMeshClient<CollectorClient>("collector");
        services.AddSingleton<IRefreshes, GrpcRefreshes>();
        services.AddSingleton<IKeptItems, GrpcKeptItems>();
        services.AddSingleton<RefreshRun>().AddSingleton<CheckRun>().AddSingleton<RefreshDemands>();
        services.AddSingleton<RefreshMetrics>();
        services.AddEventHandler<PageNormalized, PageNormalizedHandler>(Service);
        services.AddEventHandler<RefreshAnswered, RefreshAnsweredHandler>(Service);
        services.AddEventHandler<BlackoutChanged, BlackoutChangedHandler>(Service);
        services.AddHostedService<RefreshWorker>();
        return builder;
    }

    /// <summary>Serves the refresh-scheduler's calls.</summary>
    public static IEndpointRouteBuilder MapRefreshScheduler(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<RefreshSchedulerGrpc>();
        return routes;
    }
}
