using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Wires the collector: the only place that does.</summary>
public static class CollectorModule
{
    private const string Service = "collector";

    /// <summary>Adds the collector's own types.</summary>
    public static IHostApplicationBuilder AddCollector(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddMeshOptions<CollectorOptions>("Collector");
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<CollectorOptions>>().Value);
        services.AddResearchApi();
        services.AddMeshClient<QuotaGovernor.QuotaGovernorClient>("quota-governor");
        services.AddMeshClient<TokenBroker.TokenBrokerClient>("token-broker");
        services.AddMeshClient<Normalizer.NormalizerClient>("normalizer");
        services.TryAddSingleton<IQuota, GrpcQuota>();
        services.TryAddSingleton<ISubjects, GrpcSubjects>();
        services.TryAddSingleton<ICredentials, GrpcCredentials>();
        services.TryAddSingleton<IRecordCounts, GrpcRecordCounts>();
        services.TryAddSingleton<INormalizedRecords, GrpcNormalizedRecords>();
        AddStore(builder);
        services.AddSingleton<CollectorInstance>().AddSingleton<SearchesInHand>().AddSingleton<CallerTurns>();
        services.AddSingleton<AwakeWork>().AddSingleton<Wakeups>().AddSingleton<SeenVideos>().AddSingleton<SearchSurroundings>().AddSingleton<CollectorMetrics>();
        services.AddSingleton<CollectionStates>().AddSingleton<CollectionCommands>().AddSingleton<CollectionReports>().AddSingleton<BlackoutReports>().AddSingleton<SupportDesk>();
        services.AddSingleton<RecordStreams>().AddSingleton<RefreshAnswers>().AddSingleton<BlackoutEvents>().AddSingleton<RequestSender>().AddSingleton<SearchShading>().AddSingleton<OutageWatch>().AddSingleton<Sweep>();
        services.AddHealthChecks().AddCheck<CollectorReadiness>("collecting", tags: [Service]);
        services.AddHostedService(provider => provider.GetRequiredService<CollectorInstance>());
        services.AddHostedService<LostRequests>();
        services.AddHostedService<SearchRunner>();
        services.AddHostedService(provider => provider.GetRequiredService<Sweep>());
        services.AddHostedService<Prober>();
        services.AddHostedService<StandingPlanner>();
        services.AddEventHandler<PageNormalized, PageNormalizedHandler>(Service);
        services.AddEventHandler<QuotaReset, QuotaResetHandler>(Service);
        services.AddEventHandler<CredentialRejected, CredentialRejectedHandler>(Service);
        return builder;
    }

    /// <summary>Maps the front for callers and the calls for other services.</summary>
    public static IEndpointRouteBuilder MapCollector(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<TikTokArenaGrpc>();
        routes.MapGrpcService<CollectorGrpc>();
        return routes;
    }

    private static void AddStore(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        if (!ClusterServers.AreSet(builder.Configuration))
        {
            services.AddSingleton(InstanceName.OfFile);
            services.AddSingleton<ICollectorStore>(provider => new SqliteCollectorStore(
                SqliteFile.Open(provider.GetRequiredService<DataFolder>().PathOf("collector.db"), CollectorSchema.Steps),
                provider.GetRequiredService<CollectorOptions>()));
            return;
        }

        services.AddMongoStore(Service, MongoCollectorSchema.Schema);
        services.AddSingleton(provider => new InstanceName(provider.GetRequiredService<IOptions<MeshOptions>>().Value.Instance));
        services.AddSingleton<ICollectorStore>(provider => new MongoCollectorStore(
            provider.GetRequiredKeyedService<MongoStore>(Service),
            provider.GetRequiredService<CollectorOptions>()));
    }
}
