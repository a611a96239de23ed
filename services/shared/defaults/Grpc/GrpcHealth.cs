using Grpc.Core;
using IssueObservatory.Mesh.Health.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static IssueObservatory.Mesh.Health.V1.HealthCheckResponse.Types;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// grpc.health.v1 from the registered health checks. A check with the tag of one service of the mesh counts for that service and the whole host,
/// any other for everything. Names: nothing, a service of the mesh (<c>collector</c>), or a gRPC service's full name.
/// What is missing stands in the trailer <c>mesh-missing</c>.
/// </summary>
internal sealed class GrpcHealth(MeshHost host, GrpcServedMethods served, Readiness readiness, TimeProvider time) : Health.V1.Health.HealthBase
{
    private const string MissingTrailer = "mesh-missing";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        if (await MissingAsync(request.Service, context.CancellationToken) is not { } missing)
        {
            throw new MeshException(V1.ErrorReason.NotFound, "This host has no service of that name; ask for one that reflection lists, or for the empty name.");
        }

        if (missing.Count > 0)
        {
            context.ResponseTrailers.Add(MissingTrailer, Plain(string.Join("; ", missing)));
        }

        return new HealthCheckResponse { Status = StatusOf(missing) };
    }

    public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ServingStatus? told = null;
        while (true)
        {
            var status = StatusOf(await MissingAsync(request.Service, context.CancellationToken));
            if (status != told)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }, context.CancellationToken);
                told = status;
            }

            await Task.Delay(Pause, time, context.CancellationToken);
        }
    }

    private static ServingStatus StatusOf(IReadOnlyList<string>? missing) => missing switch
    {
        null => ServingStatus.ServiceUnknown,
        { Count: 0 } => ServingStatus.Serving,
        _ => ServingStatus.NotServing,
    };

    /// <summary>What the service of this name lacks; null when there is no such service.</summary>
    private async Task<IReadOnlyList<string>?> MissingAsync(string name, CancellationToken cancellationToken)
    {
        var isOfMesh = host.Has(name);
        return name.Length == 0 || isOfMesh || served.Services.Contains(name, StringComparer.Ordinal)
            ? await readiness.MissingAsync(check => !isOfMesh || Concerns(check, name), cancellationToken)
            : null;
    }

    /// <summary>Trailers hold printable ASCII only.</summary>
    private static string Plain(string text) => new([.. text.Select(letter => letter is >= ' ' and <= '~' ? letter : '?')]);

    private bool Concerns(HealthCheckRegistration check, string service) =>
        check.Tags.Contains(service) || !host.Services.Any(check.Tags.Contains);
}
