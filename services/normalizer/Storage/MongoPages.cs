using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using static IssueObservatory.Mesh.Normalizer.MongoRecordDocuments;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>One lab's pages within one change: reads what is known of a page's items, puts what the page changes.</summary>
internal sealed class MongoPages(MongoChange change, string labId)
{
    /// <summary>The page's document; null when it has not been kept.</summary>
    public Task<BsonDocument?> FindAsync(string pageId, CancellationToken cancellationToken) =>
        change.FindAsync(MongoRecordSchema.Pages, PageKey(labId, pageId), cancellationToken);

    /// <summary>The last place that the lab's change log has given.</summary>
    public async Task<long> LastSequenceAsync(CancellationToken cancellationToken) =>
        await change.FindAsync(MongoRecordSchema.Sequences, labId, cancellationToken) is { } sequence ? sequence["last"].AsInt64 : 0;

    /// <summary>What is known of the page's items, by key, read at once.</summary>
    public async Task<IReadOnlyDictionary<string, KeptRecord>> KnownOfAsync(NormalizedPage page, CancellationToken cancellationToken)
    {
        var keys = page.Items.Select(item => item.Stored.Key).Distinct(StringComparer.Ordinal).Select(key => RecordKey(labId, key));
        var records = await change.QueryAsync(MongoRecordSchema.Records, MongoRecordQueries.ById(keys), cancellationToken);
        return records.Select(RecordOf).ToDictionary(record => record.Stored.Key, StringComparer.Ordinal);
    }

    /// <summary>Lets these positions of the page out of quarantine; what was there stays, marked.</summary>
    public async Task LetOutAsync(string pageId, IEnumerable<int> positions, CancellationToken cancellationToken)
    {
        foreach (var position in positions)
        {
            var key = ItemKey(labId, QuarantinedEntry.IdOf(labId, pageId, position));
            if (await change.FindAsync(MongoRecordSchema.Quarantine, key, cancellationToken) is { } item)
            {
                item["is_held"] = false;
                change.Put(MongoRecordSchema.Quarantine, item);
            }
        }
    }

    /// <summary>Puts what the page changes, and the page itself.</summary>
    /// <param name="pageId">The page.</param>
    /// <param name="pageChange">What it changes.</param>
    /// <param name="counts">Its counts from now on.</param>
    /// <param name="held">Its positions that stay in quarantine.</param>
    /// <param name="now">When its bad items went there.</param>
    /// <param name="normalizedAt">When it was first kept, unix milliseconds.</param>
    public void Put(string pageId, PageChange pageChange, PageCounts counts, IEnumerable<int> held, DateTimeOffset now, long normalizedAt)
    {
        foreach (var record in pageChange.Records)
        {
            change.Put(MongoRecordSchema.Records, Of(labId, record.After));
            foreach (var match in MatchesToPut(record))
            {
                change.Put(MongoRecordSchema.Matches, Of(labId, record.After.Stored, match));
            }
        }

        if (pageChange.Changes.Count > 0)
        {
            change.Put(MongoRecordSchema.Sequences, new() { ["_id"] = labId, ["last"] = pageChange.Changes[^1].Sequence });
        }

        foreach (var observation in pageChange.Observations)
        {
            change.Put(MongoRecordSchema.Observations, Of(labId, pageId, observation));
        }

        foreach (var bad in pageChange.BadItems)
        {
            change.Put(MongoRecordSchema.Quarantine, Of(labId, new QuarantinedEntry(QuarantinedEntry.IdOf(labId, pageId, bad.Position), pageId, bad.Position, bad.Reason, now)));
        }

        change.Put(MongoRecordSchema.Pages, Of(labId, pageId, counts, [.. held, .. pageChange.BadItems.Select(bad => bad.Position)], normalizedAt));
    }

    /// <summary>All of a record's matches when what they repeat of it has changed, otherwise those that have.</summary>
    private static IEnumerable<MatchRow> MatchesToPut(ChangedRecord record) =>
        record.Before is { } before
        && (before.Stored.SortAt != record.After.Stored.SortAt || !string.Equals(before.Stored.Language, record.After.Stored.Language, StringComparison.Ordinal))
            ? record.After.Matches
            : record.NewMatches;
}
