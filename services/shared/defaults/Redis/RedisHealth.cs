using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Whether Redis answers. A process that never reached it is not ready, because something is wrong with how it was set up;
/// one that lost it goes on with what it has, and only says so.
/// </summary>
internal sealed class RedisHealth(RedisConnection redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.AskAsync(database => database.PingAsync(), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (MeshException away)
        {
            return redis.HasAnswered ? HealthCheckResult.Degraded(away.Message) : HealthCheckResult.Unhealthy(away.Message);
        }
    }
}
