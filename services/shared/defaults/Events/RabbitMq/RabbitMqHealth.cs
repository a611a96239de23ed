using MassTransit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client.Exceptions;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Whether this host's queues are connected; otherwise what stands in the way, in words without secrets.</summary>
internal sealed class RabbitMqHealth(IBusControl bus, RabbitMqAddress address) : IHealthCheck
{
    /// <inheritdoc/>
    Task<HealthCheckResult> IHealthCheck.CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        var health = bus.CheckHealth();
        return Task.FromResult(health.Status is BusHealthStatus.Healthy
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy($"RabbitMQ at {address} {Obstacle([health.Exception, .. health.Endpoints.Values.Select(endpoint => endpoint.Exception)])}"));
    }

    /// <summary>What the exceptions of a connection that failed come down to.</summary>
    internal static string Obstacle(IEnumerable<Exception?> exceptions) => exceptions.SelectMany(Causes).Select(Meaning).OfType<string>().FirstOrDefault() ?? "is not connected yet";

    private static IEnumerable<Exception> Causes(Exception? exception) => exception switch
    {
        null => [],
        AggregateException many => many.InnerExceptions.SelectMany(Causes),
        _ => Causes(exception.InnerException).Append(exception),
    };

    private static string? Meaning(Exception cause) => cause switch
    {
        RabbitMqLogin.RefusedException or AuthenticationFailureException => "refuses the user name or the password",
        OperationInterruptedException { ShutdownReason: { ReplyCode: 530 } } => "has no such virtual host, or the user may not use it",
        OperationInterruptedException { ShutdownReason: { ReplyCode: 403 } } => "does not let the user declare or use the mesh's queues",
        OperationInterruptedException { ShutdownReason: { ReplyCode: 406 } } => "has a queue of the mesh's that was declared otherwise; move its messages and delete it",
        System.Net.Sockets.SocketException or BrokerUnreachableException => "cannot be reached",
        _ => null,
    };
}
