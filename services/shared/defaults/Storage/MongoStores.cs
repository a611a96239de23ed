using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The databases of a host's services.</summary>
public static class MongoStores
{
    private const string Name = "MongoDb";

    /// <summary>
    /// Adds the database of <paramref name="service"/> as the keyed <see cref="MongoStore"/> of that name; the service is not ready while it cannot be used.
    /// All of them share one connection, <c>ConnectionStrings:MongoDb</c>.
    /// </summary>
    public static IServiceCollection AddMongoStore(this IServiceCollection services, string service, MongoSchema schema)
    {
        services.TryAddSingleton(provider => MongoConnection.Find(new ConnectionStrings(provider.GetRequiredService<IConfiguration>()), Name)
            ?? throw new StartRefusedException($"ConnectionStrings:{Name} is missing."));
        services.AddKeyedSingleton(service, (provider, _) => new MongoStore(provider.GetRequiredService<MongoConnection>(), schema, provider.GetRequiredService<TimeProvider>()));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"{schema.Database} in MongoDB", provider => new MongoHealth(provider.GetRequiredKeyedService<MongoStore>(service)), HealthStatus.Unhealthy, [service]));
        return services;
    }
}
