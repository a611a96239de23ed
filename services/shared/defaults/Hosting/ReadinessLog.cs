using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Says in one line what a host lacks to be ready, and when it lacks it no longer: at each change, not at each check.</summary>
internal sealed partial class ReadinessLog(MeshHost host, ILogger<ReadinessLog> logger) : IHealthCheckPublisher
{
    private string told = "";

    /// <summary>Adds the health checks of a host, and their log.</summary>
    internal static void Add(IServiceCollection services)
    {
        services.AddHealthChecks();
        services.AddSingleton<IHealthCheckPublisher, ReadinessLog>();
        services.Configure<HealthCheckPublisherOptions>(checks =>
        {
            // A start takes a moment, and what is only starting is not missing.
            checks.Delay = TimeSpan.FromSeconds(2);
            checks.Period = TimeSpan.FromSeconds(2);
        });
    }

    /// <inheritdoc/>
    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        var missing = string.Join("; ", report.Entries.Where(entry => entry.Value.Status is HealthStatus.Unhealthy).Select(entry => entry.Value.Description ?? entry.Key));
        if (missing == told)
        {
            return Task.CompletedTask;
        }

        told = missing;
        if (missing.Length > 0)
        {
            Log.NotReady(logger, host.Name, missing);
        }
        else
        {
            Log.Ready(logger, host.Name);
        }

        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Host} is not ready: {Missing}.")]
        public static partial void NotReady(ILogger logger, string host, string missing);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Host} is ready again.")]
        public static partial void Ready(ILogger logger, string host);
    }
}
