using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Wires the quota-governor.</summary>
public static class QuotaGovernorModule
{
    private const string Service = "quota-governor";

    /// <summary>Adds the service.</summary>
    public static IHostApplicationBuilder AddQuotaGovernor(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddMeshOptions<QuotaGovernorOptions>(
            QuotaGovernorOptions.Section,
            ("QUOTA_DAILY_REQUESTS", nameof(QuotaGovernorOptions.DailyRequests)),
            ("QUOTA_DAILY_FOLLOW_REQUESTS", nameof(QuotaGovernorOptions.DailyFollowRequests)));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<QuotaGovernorOptions>>().Value);
        if (!ClusterServers.AreSetWithRedis(builder.Configuration))
        {
            services.AddSingleton<IQuotaStore>(provider => SqliteQuotaStore.Start(
                provider.GetRequiredService<DataFolder>().PathOf("quota-governor.db"),
                provider.GetRequiredService<QuotaGovernorOptions>(),
                provider.GetRequiredService<TimeProvider>()));
        }
        else
        {
            services.AddMongoStore(Service, MongoQuotaDocuments.Schema);
            services.AddMeshRedis(Service);
            services.AddSingleton<RedisPaceGate>();
            services.AddSingleton(provider => new MongoQuotaStore(
                provider.GetRequiredKeyedService<MongoStore>(Service), provider.GetRequiredService<QuotaGovernorOptions>(), provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IQuotaStore>(provider => new GatedQuotaStore(
                provider.GetRequiredService<MongoQuotaStore>(), provider.GetRequiredService<RedisPaceGate>()));
            services.AddHostedService<RedisQuotaMirror>();
        }

        services.AddSingleton<RefereeClock>();
        services.AddSingleton<QuotaChanges>();
        services.AddSingleton<QuotaMetrics>();
        services.AddSingleton<QuotaGovernorGrpc>();
        services.AddHostedService<QuotaResetWorker>();
        services.AddEventHandler<RefreshDemandChanged, RefreshDemandChangedHandler>(Service);
        services.AddEventHandler<CredentialRejected, CredentialRejectedHandler>(Service);
        return builder;
    }

    /// <summary>Maps its calls.</summary>
    public static IEndpointRouteBuilder MapQuotaGovernor(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<QuotaGovernorGrpc>();
        return routes;
    }
}
