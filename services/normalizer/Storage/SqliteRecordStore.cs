using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Defaults;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// <c>normalizer.db</c> for everything without names, <c>identified.db</c> for names. A page's names are committed first: they may be written twice,
/// so a crash between the two files heals when the page comes again, and a record never waits for its name.
/// </summary>
internal sealed class SqliteRecordStore(SqliteFile records, SqliteFile identified) : IRecordStore, IDisposable
{
    private readonly SqliteNames names = new(identified);
    private readonly SqliteViews views = new(records);

    /// <summary>Opens or creates both files.</summary>
    public static SqliteRecordStore Open(string recordsPath, string identifiedPath) =>
        new(SqliteFile.Open(recordsPath, NormalizerSchema.Records), SqliteFile.Open(identifiedPath, NormalizerSchema.Identified));

    public async Task<PageOutcome> KeepAsync(string labId, NormalizedPage page, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await names.KeepAsync(labId, page, cancellationToken);
        return await records.WriteAsync(
            session =>
            {
                var pages = new SqlitePages(session, labId);
                var known = pages.KnownOf(page);
                if (pages.CountsOf(page.PageId) is { } counts)
                {
                    return new PageOutcome { FirstTime = false, Counts = counts, Videos = PageChange.VideosOf(page, known) };
                }

                var change = PageChange.Of(page, page.Items, page.BadItems, known, pages.LastSequence);
                pages.Put(page.PageId, change, change.Counts, now);
                return new PageOutcome { FirstTime = true, Counts = change.Counts, Videos = change.Videos };
            },
            cancellationToken);
    }

    public async Task<ReleaseOutcome> ReleaseAsync(string labId, NormalizedPage page, string? itemId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await names.KeepAsync(labId, page, cancellationToken);
        return await records.WriteAsync(
            session =>
            {
                var pages = new SqlitePages(session, labId);
                var release = QuarantineRelease.Of(page, pages.HeldOf(page.PageId, itemId));
                pages.LetOut(page.PageId, release.Positions);
                var change = PageChange.Of(page, release.Items, release.BadItems, pages.KnownOf(page), pages.LastSequence);
                var counts = release.CountsAfter(pages.CountsOf(page.PageId) ?? PageCounts.None, change);
                pages.Put(page.PageId, change, counts, now);
                return new ReleaseOutcome(release.Items.Count, release.Remaining, new() { FirstTime = false, Counts = counts, Videos = change.Videos });
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
            session => session.First(
                "SELECT type, document FROM content_records WHERE lab_id = @lab AND platform_id IN (@video, @comment) ORDER BY type DESC",
                reader => (StoredRecord)StoredItemJson.Read(StoredTypes.Of(reader.GetString(0)), reader.GetString(1)),
                ("@lab", labId), ("@video", StoredTypes.Key(StoredType.Video, platformId)), ("@comment", StoredTypes.Key(StoredType.Comment, platformId))),
            cancellationToken);

    public async Task<IReadOnlyList<QuarantinedEntry>> ListQuarantinedAsync(string labId, QuarantineCursor? after, int limit, CancellationToken cancellationToken) =>
        await records.ReadAsync(
            session => session.Query(
                """
                SELECT item_id, page_id, position, reason, quarantined_at FROM quarantine
                WHERE lab_id = @lab AND (quarantined_at, item_id) > (@at, @item) ORDER BY quarantined_at, item_id LIMIT @limit
                """,
                Entry, ("@lab", labId), ("@at", after?.At ?? long.MinValue), ("@item", after?.ItemId ?? ""), ("@limit", limit)),
            cancellationToken);

    public Task<QuarantinedEntry?> FindQuarantinedAsync(string labId, string itemId, CancellationToken cancellationToken) =>
        records.ReadAsync(
            session => session.First(
                "SELECT item_id, page_id, position, reason, quarantined_at FROM quarantine WHERE lab_id = @lab AND item_id = @item", Entry, ("@lab", labId), ("@item", itemId)),
            cancellationToken);

    public Task<IReadOnlyList<OldProfile>> ListOldProfilesAsync(CancellationToken cancellationToken) => names.ListOldProfilesAsync(cancellationToken);

    public Task ForgetOldProfileAsync(OldProfile profile, CancellationToken cancellationToken) => names.ForgetAsync(profile, cancellationToken);

    public Task<bool> ClaimPseudonymsAsync(string fingerprint, CancellationToken cancellationToken) =>
        records.WriteAsync(
            session =>
            {
                session.Execute("INSERT INTO pseudonyms (only_row, fingerprint) VALUES (1, @fingerprint) ON CONFLICT DO NOTHING", ("@fingerprint", fingerprint));
                return session.Number("SELECT COUNT(*) FROM pseudonyms WHERE fingerprint = @fingerprint", ("@fingerprint", fingerprint)) == 1;
            },
            cancellationToken);

    public void Dispose()
    {
        records.Dispose();
        identified.Dispose();
    }

    private static QuarantinedEntry Entry(SqliteDataReader reader) =>
        new(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(4)));
}
