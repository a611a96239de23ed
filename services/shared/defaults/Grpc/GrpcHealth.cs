using Grpc.Core;
using IssueObservatory.Mesh.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using static IssueObservatory.Mesh.Health.V1.HealthCheckResponse.Types;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// grpc.health.v1 from the registered health checks. A check with the tag of one service of the mesh counts for that service and the whole host,
/// any other for everything. Names: nothing, a service of the mesh (<c>collector</c>), or a gRPC service's full name.
/// </summary>
internal sealed class GrpcHealth(MeshHost host, GrpcServedMethods served, HealthCheckService checks, IHostApplicationLifetime lifetime, TimeProvider time) : Health.V1.Health.HealthBase
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        var status = await Status(request.Service, context.CancellationToken);
        return status is ServingStatus.ServiceUnknown
            ? throw new MeshException(V1.ErrorReason.NotFound, "This host has no service of that name; ask for one that reflection lists, or for the empty name.")
            : new HealthCheckResponse { Status = status };
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ServingStatus? told = null;
        while (true)
        {
            var status = await Status(request.Service, context.CancellationToken);
            if (status != told)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
                told = status;
            }

            await Task.Delay(Pause, time, context.CancellationToken);
        }
    }

    private async Task<ServingStatus> Status(string name, CancellationToken cancellationToken)
    {
        var isOfMesh = host.Services.Contains(name, StringComparer.Ordinal);
        if (name.Length > 0 && !isOfMesh && !served.Services.Contains(name, StringComparer.Ordinal))
        {
            return ServingStatus.ServiceUnknown;
        }

        if (!lifetime.ApplicationStarted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return ServingStatus.NotServing;
        }

        var report = await checks.CheckHealthAsync(check => !isOfMesh || Concerns(check, name), cancellationToken);
        return report.Status is HealthStatus.Unhealthy ? ServingStatus.NotServing : ServingStatus.Serving;
    }

    private bool Concerns(HealthCheckRegistration check, string service) =>
        check.Tags.Contains(service) || !host.Services.Any(check.Tags.Contains);
}
