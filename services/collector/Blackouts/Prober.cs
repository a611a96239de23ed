using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Looks after what is dark, where the mesh works by itself: collections that lack days ask for those that answer again, and for probes. It asks for nothing
/// that nobody asked for, because what is asked is what such a collection's plan makes of it.
/// </summary>
internal sealed partial class Prober(
    ICollectorStore store,
    CollectionCommands commands,
    IQuota quota,
    CollectorOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<Prober> logger) : MeshWorker(lifetime)
{
    private CollectionRecord? going;

    /// <summary>Lets the first collection that has something to ask for go on; false when none has. One at a time, so that what it finds out counts for the next.</summary>
    public async Task<bool> OnceAsync(CancellationToken cancellationToken)
    {
        if (going is not null && await store.FindAsync(going.LabId, going.CollectionId, cancellationToken) is { IsActive: true })
        {
            return false;
        }

        Dictionary<ClauseClass, ClassBlackouts> known = [];
        foreach (var clauseClass in Enum.GetValues<ClauseClass>())
        {
            known[clauseClass] = await store.ReadBlackoutsAsync(clauseClass, cancellationToken);
        }

        Dictionary<string, DueProbes> probes = [];
        foreach (var gapped in await store.ListAwaitingLightAsync(cancellationToken))
        {
            if (!probes.TryGetValue(gapped.LabId, out var due))
            {
                var budget = await quota.GetAsync(gapped.LabId, QuotaBucket.Research, cancellationToken);
                probes[gapped.LabId] = due = new(known, time.GetUtcNow(), options, budget?.Limit ?? 0);
            }

            if (gapped.DarkGaps.Any(gap => gap.Days.Each().Any(day => !known[gap.Class].IsDark(day) || due.Take(gap.Class, day))))
            {
                going = gapped;
                await commands.FillAsync(gapped, cancellationToken);
                return true;
            }
        }

        return false;
    }

    protected override Task RunAsync(CancellationToken stoppingToken) =>
        options.ResumeUnfinished ? RepeatAsync(OnceAsync, options.Sweep, time, defect => Log.Defect(logger, defect), stoppingToken) : Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Looking after blackouts failed by a defect; it goes on in a moment.")]
        public static partial void Defect(ILogger logger, Exception exception);
    }
}
