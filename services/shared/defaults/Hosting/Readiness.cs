using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// What a host lacks to do its work, from the registered health checks: the description of a check that is unhealthy is the line that people read.
/// Each change is logged once, whoever looked.
/// </summary>
internal sealed partial class Readiness(MeshHost host, HealthCheckService checks, IHostApplicationLifetime lifetime, ILogger<Readiness> logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> known = new(StringComparer.Ordinal);
    private bool? wasReady;

    public static void Add(IServiceCollection services)
    {
        services.AddHealthChecks();
        services.AddSingleton<Readiness>();
        services.AddHostedService<ReadinessWatch>();
    }

    /// <summary>What is missing for the checks that <paramref name="concern"/>; nothing when the host may be called.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(Func<HealthCheckRegistration, bool> concern, CancellationToken cancellationToken)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return ["The host is stopping"];
        }

        if (!lifetime.ApplicationStarted.IsCancellationRequested)
        {
            return ["The host is starting"];
        }

        var report = await checks.CheckHealthAsync(concern, cancellationToken);
        var missing = report.Entries.Where(entry => entry.Value.Status is HealthStatus.Unhealthy).ToDictionary(entry => entry.Key, Line, StringComparer.Ordinal);
        lock (gate)
        {
            Compare(report.Entries.Keys, missing);
        }

        return [.. missing.Values];
    }

    /// <summary>The message of an exception may hold what nobody should see.</summary>
    private static string Line(KeyValuePair<string, HealthReportEntry> entry) =>
        entry.Value is { Exception: null, Description: { Length: > 0 } description } ? description.TrimEnd('.') : $"The check \"{entry.Key}\" failed";

    private void Compare(IEnumerable<string> looked, Dictionary<string, string> missing)
    {
        foreach (var name in looked)
        {
            var (was, isNow) = (known.GetValueOrDefault(name), missing.GetValueOrDefault(name));
            if (isNow is null)
            {
                known.Remove(name);
            }
            else if (!string.Equals(isNow, was, StringComparison.Ordinal))
            {
                known[name] = isNow;
                Log.Missing(logger, host.Name, isNow);
            }
        }

        var isReady = known.Count == 0;
        if (isReady && wasReady is not true)
        {
            Log.Ready(logger, host.Name);
        }

        wasReady = isReady;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "{Host} is not ready: {Missing}.")]
        public static partial void Missing(ILogger logger, string host, string missing);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Host} is ready.")]
        public static partial void Ready(ILogger logger, string host);
    }
}

/// <summary>Looks regularly, so that the log tells of a change that nobody asked about.</summary>
internal sealed partial class ReadinessWatch(Readiness readiness, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ReadinessWatch> logger) : MeshWorker(lifetime)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await readiness.MissingAsync(_ => true, stoppingToken);
            }
            catch (Exception defect) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Defect(logger, defect);
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Readiness could not be looked at; again in a moment.")]
        public static partial void Defect(ILogger logger, Exception exception);
    }
}
