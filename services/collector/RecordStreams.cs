using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The normalizer's records, as the front passes them on.</summary>
internal interface INormalizedRecords
{
    IAsyncEnumerable<NormalizerStreamRecordsResponse> StreamAsync(string labId, RecordView view, long afterSequence, CancellationToken cancellationToken);

    IAsyncEnumerable<NormalizerExportRecordsResponse> ExportAsync(string labId, string caller, IReadOnlyList<RecordView> views, CancellationToken cancellationToken);

    IAsyncEnumerable<KeptItem> ListItemsAsync(string labId, IReadOnlyList<RecordView> views, CancellationToken cancellationToken);
}

/// <summary>Which collections are meant, whether their pages are records yet, and the records.</summary>
internal sealed class RecordStreams(ICollectorStore store, INormalizedRecords records, Sweep sweep, Wakeups wakeups, TimeProvider time)
{
    private const int ListPage = 200;

    /// <summary>A normalizer that does not answer for so long is down.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public IAsyncEnumerable<NormalizerStreamRecordsResponse> StreamAsync(string labId, RecordView view, long afterSequence, CancellationToken cancellationToken) =>
        records.StreamAsync(labId, view, afterSequence, cancellationToken);

    public IAsyncEnumerable<NormalizerExportRecordsResponse> ExportAsync(ICallerIdentity identity, IReadOnlyList<RecordView> views, CancellationToken cancellationToken) =>
        records.ExportAsync(identity.LabId, identity.Caller, views, cancellationToken);

    /// <summary>The videos and comments of a collection, or of all of the lab's, each once, whatever a caller wanted to see of them.</summary>
    public async IAsyncEnumerable<KeptItem> ListItemsAsync(string labId, string collectionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var collections = await CollectionsAsync(labId, collectionId, cancellationToken);
        await foreach (var item in records.ListItemsAsync(labId, [.. collections.Select(RecordViews.Whole)], cancellationToken))
        {
            yield return item;
        }
    }

    /// <summary>Waits for the records of pages that are already stored; never for TikTok or the quota.</summary>
    public async Task WaitUntilNormalizedAsync(string labId, string collectionId, CancellationToken cancellationToken)
    {
        var giveUp = time.GetUtcNow() + LongestWait;
        for (var announced = false; ; announced = true)
        {
            var wakeup = wakeups.Next;
            if (await store.CountUnansweredAsync(labId, collectionId, cancellationToken) == 0)
            {
                return;
            }

            if (time.GetUtcNow() >= giveUp)
            {
                throw new MeshException(ErrorReason.Unavailable, "Stored pages are still waiting for the normalizer; try again.");
            }

            if (!announced)
            {
                await sweep.OnceAsync(time.GetUtcNow(), cancellationToken);
            }

            await Wakeups.WaitAsync(wakeup, giveUp, time, cancellationToken);
        }
    }

    /// <summary>The collection, or all of the lab when <paramref name="collectionId"/> is empty.</summary>
    public async Task<IReadOnlyList<CollectionFacts>> CollectionsAsync(string labId, string collectionId, CancellationToken cancellationToken)
    {
        if (collectionId.Length > 0)
        {
            return [await store.ReadFactsAsync(labId, collectionId, cancellationToken) ?? throw MeshException.NotFound($"Collection {collectionId}")];
        }

        List<CollectionFacts> all = [];
        for (var after = ""; ;)
        {
            var page = await store.ListAsync(labId, after, ListPage, cancellationToken);
            foreach (var collection in page)
            {
                all.Add((await store.ReadFactsAsync(labId, collection.CollectionId, cancellationToken))!);
            }

            if (page.Count < ListPage)
            {
                return all;
            }

            after = page[^1].CollectionId;
        }
    }
}
