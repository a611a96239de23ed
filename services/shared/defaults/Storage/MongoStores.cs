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
    /// Adds a database of <paramref name="service"/> as the keyed <see cref="MongoStore"/> of the database's name; the service is not ready while it cannot be used.
    /// All of them share one connection, <c>ConnectionStrings:MongoDb</c>, but for those that are given one of their own.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="service">The service that is not ready without it.</param>
    /// <param name="schema">The database.</param>
    /// <param name="ownConnection">Name of a connection string that counts for this database when it is set.</param>
    public static IServiceCollection AddMongoStore(this IServiceCollection services, string service, MongoSchema schema, string? ownConnection = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        services.TryAddSingleton(provider => Connection(provider, Name) ?? throw new StartRefusedException($"ConnectionStrings:{Name} is missing."));
        services.AddKeyedSingleton(
            schema.Database,
            (provider, _) => (ownConnection is null ? null : Connection(provider, ownConnection)) ?? provider.GetRequiredService<MongoConnection>());
        services.AddKeyedSingleton(
            schema.Database,
            (provider, _) => new MongoStore(provider.GetRequiredKeyedService<MongoConnection>(schema.Database), schema, provider.GetRequiredService<TimeProvider>()));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"{schema.Database} in MongoDB", provider => new MongoHealth(provider.GetRequiredKeyedService<MongoStore>(schema.Database)), HealthStatus.Unhealthy, [service]));
        return services;
    }

    private static MongoConnection? Connection(IServiceProvider provider, string name) =>
        MongoConnection.Find(new ConnectionStrings(provider.GetRequiredService<IConfiguration>()), name);
}
