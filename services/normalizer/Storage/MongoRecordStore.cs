using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using MongoDB.Driver;
using static IssueObservatory.Mesh.Normalizer.MongoRecordDocuments;
using static IssueObservatory.Mesh.Normalizer.MongoRecordQueries;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// The database <c>normalizer</c> for everything without names, <c>identified</c> for names. A page is one change of its lab; its names are durable before,
/// and may be written twice, so a crash between the two heals when the page comes again, and a record never waits for its name.
/// </summary>
internal sealed class MongoRecordStore : IRecordStore
{
    private readonly MongoStore records;
    private readonly MongoNames names;
    private readonly MongoViews views;

    /// <summary>Over the two databases.</summary>
    public MongoRecordStore(MongoStore records, MongoStore identified, TimeProvider clock)
    {
        this.records = records;
        names = new(identified, new(identified, clock));
        views = new(records, new(records, clock));
    }

    public async Task<PageOutcome> KeepAsync(string labId, NormalizedPage page, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await names.KeepAsync(labId, page, cancellationToken);
        return await records.WriteAsync(
            labId,
            async change =>
            {
                var pages = new MongoPages(change, labId);
                var known = await pages.KnownOfAsync(page, cancellationToken);
                if (await pages.FindAsync(page.PageId, cancellationToken) is { } kept)
                {
                    return new PageOutcome { FirstTime = false, Counts = CountsOf(kept), Videos = PageChange.VideosOf(page, known) };
                }

                var pageChange = PageChange.Of(page, page.Items, page.BadItems, known, await pages.LastSequenceAsync(cancellationToken));
                pages.Put(page.PageId, pageChange, pageChange.Counts, [], now, normalizedAt: now.ToUnixTimeMilliseconds());
                return new PageOutcome { FirstTime = true, Counts = pageChange.Counts, Videos = pageChange.Videos };
            },
            cancellationToken);
    }

    public async Task<ReleaseOutcome> ReleaseAsync(string labId, NormalizedPage page, string? itemId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await names.KeepAsync(labId, page, cancellationToken);
        return await records.WriteAsync(
            labId,
            async change =>
            {
                var pages = new MongoPages(change, labId);
                var kept = await pages.FindAsync(page.PageId, cancellationToken);
                var held = kept is null ? [] : HeldOf(kept);
                var release = QuarantineRelease.Of(page, [.. held.Where(position => itemId is null || QuarantinedEntry.IdOf(labId, page.PageId, position) == itemId)]);
                await pages.LetOutAsync(page.PageId, release.Positions, cancellationToken);
                var known = await pages.KnownOfAsync(page, cancellationToken);
                var pageChange = PageChange.Of(page, release.Items, release.BadItems, known, await pages.LastSequenceAsync(cancellationToken));
                var counts = release.CountsAfter(kept is null ? PageCounts.None : CountsOf(kept), pageChange);
                var normalizedAt = kept is null ? now.ToUnixTimeMilliseconds() : kept["normalized_at"].AsInt64;
                pages.Put(page.PageId, pageChange, counts, held.Except(release.Positions), now, normalizedAt);
                return new ReleaseOutcome(release.Items.Count, release.Remaining, new() { FirstTime = false, Counts = counts, Videos = pageChange.Videos });
            },
            cancellationToken);
    }

    public async Task<ChangeBatch> ListChangesAsync(string labId, RecordSelection selection, long after, CancellationToken cancellationToken)
    {
        var batch = await views.ListChangesAsync(labId, selection, after, cancellationToken);
        return batch with { Changes = await names.AddToAsync(labId, batch.Changes, cancellationToken) };
    }

    public async IAsyncEnumerable<IReadOnlyList<ViewedItem>> ListSortedAsync(string labId, IReadOnlyList<RecordSelection> selections, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in views.ListSortedAsync(labId, selections, cancellationToken))
        {
            yield return await names.AddToAsync(labId, batch, cancellationToken);
        }
    }

    public Task<SelectionCount> CountAsync(string labId, RecordSelection selection, CancellationToken cancellationToken) => views.CountAsync(labId, selection, cancellationToken);

    public Task<StoredRecord?> FindAsync(string labId, string platformId, CancellationToken cancellationToken) =>
        records.ReadAsync(
            labId,
            async reading =>
            {
                return (await FindAsync(StoredType.Video) ?? await FindAsync(StoredType.Comment)) is { } record ? (StoredRecord)StoredOf(record) : null;

                Task<BsonDocument?> FindAsync(StoredType type) => reading.FindAsync(MongoRecordSchema.Records, RecordKey(labId, StoredTypes.Key(type, platformId)), cancellationToken);
            },
            cancellationToken);

    public Task<IReadOnlyList<QuarantinedEntry>> ListQuarantinedAsync(string labId, QuarantineCursor? after, int limit, CancellationToken cancellationToken) =>
        records.ReadAsync<IReadOnlyList<QuarantinedEntry>>(
            labId,
            async reading => [.. (await reading.QueryAsync(MongoRecordSchema.Quarantine, OldestFirst(labId, after, limit), cancellationToken)).Select(EntryOf)],
            cancellationToken);

    public Task<QuarantinedEntry?> FindQuarantinedAsync(string labId, string itemId, CancellationToken cancellationToken) =>
        records.ReadAsync(
            labId,
            async reading => await reading.FindAsync(MongoRecordSchema.Quarantine, ItemKey(labId, itemId), cancellationToken) is { } item && item["is_held"].AsBoolean ? EntryOf(item) : null,
            cancellationToken);

    public Task<IReadOnlyList<OldProfile>> ListOldProfilesAsync(CancellationToken cancellationToken) => names.ListOldProfilesAsync(cancellationToken);

    public Task ForgetOldProfileAsync(OldProfile profile, CancellationToken cancellationToken) => names.ForgetAsync(profile, cancellationToken);

    public Task<bool> ClaimPseudonymsAsync(string fingerprint, CancellationToken cancellationToken) =>
        records.UseAsync(database => ClaimAsync(database.GetCollection<BsonDocument>(MongoRecordSchema.Pseudonyms), fingerprint, cancellationToken), cancellationToken);

    private static async Task<bool> ClaimAsync(IMongoCollection<BsonDocument> pseudonyms, string fingerprint, CancellationToken cancellationToken)
    {
        const string Only = "only";
        try
        {
            await pseudonyms.UpdateOneAsync(
                new BsonDocument("_id", Only),
                new BsonDocument("$setOnInsert", new BsonDocument("fingerprint", fingerprint)),
                new UpdateOptions { IsUpsert = true },
                cancellationToken);
        }
        catch (MongoWriteException taken) when (taken.WriteError?.Category is ServerErrorCategory.DuplicateKey)
        {
            // Another process was first; what it remembered counts.
        }

        var remembered = await pseudonyms.Find(new BsonDocument("_id", Only)).FirstAsync(cancellationToken);
        return string.Equals(remembered["fingerprint"].AsString, fingerprint, StringComparison.Ordinal);
    }
}
