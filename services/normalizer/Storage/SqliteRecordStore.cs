using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Defaults;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// <c>normalizer.db</c> for everything without names, <c>identified.db</c> for names. A page's names are committed first: they may be written twice,
/// so a crash between the two files heals when the page comes again, and a record never waits for its name.
/// </summary>
internal sealed class SqliteRecordStore : IRecordStore, IDisposable
{
    private readonly SqliteFile records;
    private readonly SqliteFile identified;
    private readonly SqliteNames names;
    private readonly SqliteViews views;

    /// <summary>Opens or creates both files.</summary>
    public SqliteRecordStore(string recordsPath, string identifiedPath)
    {
        records = SqliteFile.Open(recordsPath, NormalizerSchema.Records);
        identified = SqliteFile.Open(identifiedPath, NormalizerSchema.Identified);
        names = new(identified);
        views = new(records);
    }

    public async Task<PageOutcome> KeepAsync(string labId, NormalizedPage page, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await names.KeepAsync(labId, page, cancellationToken);
        return await records.WriteAsync(
            session =>
            {
                if (CountsOf(session, labId, page.PageId) is { } counts)
                {
                    return new PageOutcome { FirstTime = false, Counts = counts, Videos = VideosOf(session, labId, page) };
                }

                var writer = new SqlitePageWriter(session, labId, page, now);
                counts = writer.Keep(page.Items, page.BadItems);
                PutCounts(session, labId, page.PageId, counts, now);
                return new PageOutcome { FirstTime = true, Counts = counts, Videos = writer.Videos };
            },
            cancellationToken);
    }

    public async Task<ReleaseOutcome> ReleaseAsync(string labId, NormalizedPage page, string? itemId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await names.KeepAsync(labId, page, cancellationToken);
        return await records.WriteAsync(
            session =>
            {
                var held = session.Query(
                    "SELECT item_id, position FROM quarantine WHERE lab_id = @lab AND page_id = @page AND (@item IS NULL OR item_id = @item)",
                    reader => (ItemId: reader.GetString(0), Position: reader.GetInt32(1)),
                    ("@lab", labId), ("@page", page.PageId), ("@item", itemId));
                var readable = page.Items.Select(item => item.Position).ToHashSet();
                var released = held.Where(item => item.Position < 0 ? !page.BadItems.Any(bad => bad.Position < 0) : readable.Contains(item.Position)).ToArray();
                var wholePage = released.Any(item => item.Position < 0);
                foreach (var (heldItem, _) in released)
                {
                    session.Execute("DELETE FROM quarantine WHERE lab_id = @lab AND item_id = @item", ("@lab", labId), ("@item", heldItem));
                }

                var positions = released.Select(item => item.Position).ToHashSet();
                NormalizedItem[] items = [.. page.Items.Where(item => wholePage || positions.Contains(item.Position))];
                var writer = new SqlitePageWriter(session, labId, page, now);
                var kept = writer.Keep(items, wholePage ? page.BadItems : []);
                var before = CountsOf(session, labId, page.PageId) ?? new PageCounts(0, 0, 0, 0, 0);
                var counts = new PageCounts(
                    wholePage ? page.Received : before.Received,
                    before.New + kept.New,
                    before.Updated + kept.Updated,
                    before.Unattributed + kept.Unattributed,
                    before.Quarantined - released.Length + kept.Quarantined);
                PutCounts(session, labId, page.PageId, counts, now);
                return new ReleaseOutcome(items.Length, held.Count - released.Length + kept.Quarantined, new() { FirstTime = false, Counts = counts, Videos = VideosOf(session, labId, page) });
            },
            cancellationToken);
    }

    public async Task<ChangeBatch> ListChangesAsync(string labId, RecordSelection selection, long after, CancellationToken cancellationToken)
    {
        var batch = await views.ListChangesAsync(labId, selection, after, cancellationToken);
        return batch with { Changes = await names.AddToAsync(labId, batch.Changes, cancellationToken) };
    }

    public async IAsyncEnumerable<IReadOnlyList<ViewedVideo>> ListSortedAsync(string labId, IReadOnlyList<RecordSelection> selections, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in views.ListSortedAsync(labId, selections, cancellationToken))
        {
            yield return await names.AddToAsync(labId, batch, cancellationToken);
        }
    }

    public Task<SelectionCount> CountAsync(string labId, RecordSelection selection, CancellationToken cancellationToken) => views.CountAsync(labId, selection, cancellationToken);

    public Task<StoredVideo?> FindAsync(string labId, string platformId, CancellationToken cancellationToken) =>
        records.ReadAsync(session => VideoOf(session, labId, platformId), cancellationToken);

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

    private static StoredVideo? VideoOf(SqliteSession session, string labId, string platformId) =>
        session.First(
            "SELECT document FROM content_records WHERE lab_id = @lab AND platform_id = @id", reader => StoredVideoJson.Read(reader.GetString(0)), ("@lab", labId), ("@id", platformId));

    private static StoredVideo[] VideosOf(SqliteSession session, string labId, NormalizedPage page) =>
        [.. page.Items.Select(item => item.Video.PlatformId).Distinct(StringComparer.Ordinal).Select(id => VideoOf(session, labId, id)).OfType<StoredVideo>()];

    private static PageCounts? CountsOf(SqliteSession session, string labId, string pageId) =>
        session.First(
            "SELECT received, new_records, updated_records, unattributed, quarantined FROM normalized_pages WHERE lab_id = @lab AND page_id = @page",
            reader => new PageCounts(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4)),
            ("@lab", labId), ("@page", pageId));

    private static void PutCounts(SqliteSession session, string labId, string pageId, PageCounts counts, DateTimeOffset now) =>
        session.Execute(
            """
            INSERT INTO normalized_pages (lab_id, page_id, received, new_records, updated_records, unattributed, quarantined, normalized_at)
            VALUES (@lab, @page, @received, @new, @updated, @unattributed, @quarantined, @now)
            ON CONFLICT DO UPDATE SET received = excluded.received, new_records = excluded.new_records, updated_records = excluded.updated_records,
                unattributed = excluded.unattributed, quarantined = excluded.quarantined
            """,
            ("@lab", labId), ("@page", pageId), ("@received", counts.Received), ("@new", counts.New), ("@updated", counts.Updated),
            ("@unattributed", counts.Unattributed), ("@quarantined", counts.Quarantined), ("@now", now.ToUnixTimeMilliseconds()));
}
