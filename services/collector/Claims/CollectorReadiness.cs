using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Whether this process may collect; otherwise the sentence that says why not.</summary>
internal sealed class CollectorReadiness(CollectorInstance instance) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(instance.Begun.IsCompleted && instance.WhyNot is { } why ? HealthCheckResult.Unhealthy(why) : HealthCheckResult.Healthy());
}
