using Microsoft.Extensions.Diagnostics.HealthChecks;
using MongoDB.Bson;
using MongoDB.Driver;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Whether a service can use its database; otherwise the sentence that says what is missing.</summary>
internal sealed class MongoHealth(MongoStore store) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.UseAsync(database => database.RunCommandAsync<BsonDocument>(new BsonDocument("ping", 1), cancellationToken: cancellationToken), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (MeshException away)
        {
            return HealthCheckResult.Unhealthy(away.Message);
        }
    }
}
