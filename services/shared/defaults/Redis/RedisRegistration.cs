using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The Redis of a host's services.</summary>
public static class RedisRegistration
{
    /// <summary>Adds the one <see cref="RedisConnection"/> of the host, <c>ConnectionStrings:Redis</c>, and a check of it for <paramref name="service"/>.</summary>
    public static IServiceCollection AddMeshRedis(this IServiceCollection services, string service)
    {
        services.TryAddSingleton(provider => RedisConnection.Find(
            new ConnectionStrings(provider.GetRequiredService<IConfiguration>()), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisConnection>>())
            ?? throw new StartRefusedException("ConnectionStrings:Redis is missing."));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            $"Redis for {service}", provider => new RedisHealth(provider.GetRequiredService<RedisConnection>()), HealthStatus.Unhealthy, [service]));
        return services;
    }
}
