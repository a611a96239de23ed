using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Adds days to standing collections as they ripen, to all of a lab at once. What is due stands in the store, so a process that was away makes up for it.</summary>
internal sealed partial class StandingPlanner(
    ICollectorStore store,
    CollectionCommands commands,
    AwakeWork awake,
    CollectorOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<StandingPlanner> logger) : MeshWorker(lifetime)
{
    /// <summary>Adds what is due now, to those that this process may spend units on.</summary>
    public async Task OnceAsync(CancellationToken cancellationToken)
    {
        var due = (await store.ListDueAsync(time.GetUtcNow(), cancellationToken)).Where(collection => awake.IsAwake(collection.CollectionId));
        foreach (var lab in due.GroupBy(collection => collection.LabId, StringComparer.Ordinal))
        {
            await commands.AddDaysAsync(lab.Key, [.. lab.Select(collection => collection.CollectionId)], cancellationToken);
        }
    }

    protected override Task RunAsync(CancellationToken stoppingToken) => RepeatAsync(OnceAsync, options.Sweep, time, defect => Log.Defect(logger, defect), stoppingToken);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Adding days to standing collections failed by a defect; it is tried again in a moment.")]
        public static partial void Defect(ILogger logger, Exception exception);
    }
}
