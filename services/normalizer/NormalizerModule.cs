using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Wires the normalizer.</summary>
public static class NormalizerModule
{
    private const string Service = "normalizer";

    /// <summary>Adds the normalizer to a host that has the mesh's defaults.</summary>
    public static IHostApplicationBuilder AddNormalizer(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddMeshOptions<NormalizerOptions>("Normalizer");
        services.AddSingleton<SaltSource>();
        services.AddSingleton(provider => new AuthorPseudonyms(provider.GetRequiredService<IOptions<NormalizerOptions>>().Value.Scheme, provider.GetRequiredService<SaltSource>().Read().Reveal()));
        AddStore(builder);
        services.TryAddSingleton<ILanguageDetector, UndeterminedLanguage>();
        services.AddSingleton(provider => new PageNormalizer(
            provider.GetRequiredService<AuthorPseudonyms>(), provider.GetRequiredService<ILanguageDetector>(), provider.GetRequiredService<IOptions<NormalizerOptions>>().Value));
        services.AddSingleton<OldProfiles>();
        services.AddSingleton<RecordPresenter>();
        services.AddSingleton<PageIntake>();
        services.AddSingleton<QuarantineReplay>();
        services.AddSingleton<IPages, GrpcPages>();
        services.AddMeshClient<Collector.CollectorClient>("collector");
        services.AddEventHandler<PageStored, PageStoredHandler>(Service);
        return builder;
    }

    /// <summary>Maps the normalizer's calls.</summary>
    public static IEndpointRouteBuilder MapNormalizer(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<NormalizerGrpc>();
        return routes;
    }

    /// <summary>SQLite in the data folder, or the cluster's MongoDB. There the names may be on a server, or under a user, of their own.</summary>
    private static void AddStore(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        var isCluster = ClusterServers.AreSet(builder.Configuration);
        services.AddSingleton(provider => new PseudonymCheck(provider.GetRequiredService<AuthorPseudonyms>, provider.GetRequiredService<IRecordStore>, provider.GetRequiredService<OldProfiles>, stopsStart: !isCluster));
        services.AddHostedService(provider => provider.GetRequiredService<PseudonymCheck>());
        if (!isCluster)
        {
            services.AddSingleton<IRecordStore>(provider =>
            {
                var folder = provider.GetRequiredService<DataFolder>();
                return SqliteRecordStore.Open(folder.PathOf("normalizer.db"), folder.PathOf("identified.db"));
            });
            return;
        }

        services.AddMongoStore(Service, MongoRecordSchema.Database).AddMongoStore(Service, MongoRecordSchema.Identified, ownConnection: "MongoDbIdentified");
        services.AddSingleton<IRecordStore>(provider => new MongoRecordStore(
            provider.GetRequiredKeyedService<MongoStore>(MongoRecordSchema.Database.Database),
            provider.GetRequiredKeyedService<MongoStore>(MongoRecordSchema.Identified.Database),
            provider.GetRequiredService<TimeProvider>()));
        services.AddHealthChecks().AddCheck<PseudonymCheck>("pseudonyms", tags: [Service]);
    }
}
