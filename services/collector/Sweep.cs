using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The outbox: announces again what has no answer, on start and regularly, so that a lost event loses nothing.</summary>
internal sealed partial class Sweep(
    ICollectorStore store,
    CollectionStates states,
    RefreshAnswers refreshes,
    IEvents events,
    CollectorOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<Sweep> logger) : MeshWorker(lifetime)
{
    private const int Batch = 500;

    /// <summary>Younger pages are most likely being worked on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task OnceAsync(DateTimeOffset olderThan, CancellationToken cancellationToken)
    {
        // First what needs no bus: the rest ends when the bus takes nothing.
        foreach (var lab in (await store.ListUnfinishedAsync(cancellationToken)).GroupBy(each => each.LabId, StringComparer.Ordinal))
        {
            await states.EvaluateAsync(lab.Key, lab.Select(each => each.CollectionId), cancellationToken);
        }

        for (var (after, more) = (0L, true); more;)
        {
            var pages = await store.ListPagesAsync(labId: "", onlyUnanswered: true, after, Batch, cancellationToken);
            foreach (var page in pages.Where(page => page.FetchedAt < olderThan))
            {
                await events.PublishAsync(new PageStored { LabId = page.LabId, PageId = page.PageId }, cancellationToken);
            }

            (after, more) = pages is [.., var last] && pages.Count == Batch ? (last.Sequence, true) : (after, false);
        }

        await refreshes.AnnounceAsync(cancellationToken);
    }

    protected override Task RunAsync(CancellationToken stoppingToken)
    {
        // What is left over from before waits for nobody any more.
        var patience = TimeSpan.Zero;
        return RepeatAsync(
            async stopping =>
            {
                await OnceAsync(time.GetUtcNow() - patience, stopping);
                patience = Patience;
            },
            options.Sweep,
            time,
            defect => Log.Defect(logger, defect),
            stoppingToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A sweep failed by a defect; the next one tries again.")]
        public static partial void Defect(ILogger logger, Exception exception);
    }
}
