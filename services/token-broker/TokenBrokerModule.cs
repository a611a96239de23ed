using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Wires the token-broker.</summary>
public static class TokenBrokerModule
{
    private const string Service = "token-broker";

    /// <summary>Adds the service.</summary>
    public static IHostApplicationBuilder AddTokenBroker(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddMeshOptions<TokenBrokerOptions>(TokenBrokerOptions.Section, (MasterKey.Setting, nameof(TokenBrokerOptions.KeyFile)));
        services.AddSingleton<IValidateOptions<TokenBrokerOptions>, MasterKeyCheck>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TokenBrokerOptions>>().Value);
        services.AddResearchApi();
        if (!ClusterServers.AreSetWithRedis(builder.Configuration))
        {
            services.AddSingleton<ICredentialStore>(provider => new SqliteCredentialStore(
                SqliteFile.Open(provider.GetRequiredService<DataFolder>().PathOf("token-broker.db"), SqliteCredentialStore.Schema)));
            services.AddSingleton<IRenewalLock, ProcessRenewalLock>();
        }
        else
        {
            // With a key of its own each broker would seal what the others cannot open.
            services.AddOptions<TokenBrokerOptions>().Validate(
                options => options.KeyFile.Length > 0, $"{MasterKey.Setting} is missing: in a cluster every token-broker needs the same key file.");
            services.AddMongoStore(Service, MongoCredentialStore.Schema);
            services.AddMeshRedis(Service);
            services.AddSingleton<RedisTokenCache>();
            services.AddSingleton<ICredentialStore>(provider => new MongoCredentialStore(
                provider.GetRequiredKeyedService<MongoStore>(Service), provider.GetRequiredService<RedisTokenCache>(), provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IRenewalLock, RedisRenewalLock>();
        }

        services.AddSingleton(provider => new CredentialVault(() => ReadKey(provider)));
        services.AddSingleton<ITokenEndpoint>(provider => new PatientTokenEndpoint(
            new ResearchApiTokenEndpoint(provider.GetRequiredService<IResearchApi>()),
            provider.GetRequiredService<TokenBrokerOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            new Random()));
        services.AddSingleton<TokenMetrics>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<CredentialBook>();
        services.AddSingleton<TokenBrokerGrpc>();
        services.AddHostedService<EnvironmentCredential>();
        services.AddHostedService<RejectionAnnouncer>();
        return builder;
    }

    /// <summary>Maps its calls.</summary>
    public static IEndpointRouteBuilder MapTokenBroker(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<TokenBrokerGrpc>();
        return routes;
    }

    private static byte[] ReadKey(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<TokenBrokerOptions>();
        return options.KeyFile.Length > 0
            ? MasterKey.LoadNamed(options.KeyFile)
            : MasterKey.LoadOrMake(provider.GetRequiredService<DataFolder>().PathOf(MasterKey.FileName));
    }
}
