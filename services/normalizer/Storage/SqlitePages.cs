using System.Text.Json;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>One lab's pages within one transaction: reads what is known of a page's items, writes what the page changes.</summary>
internal sealed class SqlitePages(SqliteSession session, string labId)
{
    /// <summary>The last place that the lab's change log has given.</summary>
    public long LastSequence => session.Number("SELECT last FROM sequences WHERE lab_id = @lab", ("@lab", labId));

    /// <summary>What is known of the page's items, by key, read at once.</summary>
    public Dictionary<string, KeptRecord> KnownOf(NormalizedPage page)
    {
        var records = session.Query(
            "SELECT platform_id, content_records.type, document, last_sequence FROM json_each(@ids) CROSS JOIN content_records ON lab_id = @lab AND platform_id = value",
            reader => (Key: reader.GetString(0), Type: StoredTypes.Of(reader.GetString(1)), Document: reader.GetString(2), Sequence: reader.GetInt64(3)),
            ("@lab", labId), ("@ids", Json(page.Items.Select(item => item.Stored.Key).Distinct(StringComparer.Ordinal))));
        if (records.Count == 0)
        {
            return [];
        }

        var matches = session.Query(
            "SELECT platform_id, clause_id, day, attributed, first_sequence FROM json_each(@ids) CROSS JOIN matches INDEXED BY matches_of_record ON lab_id = @lab AND platform_id = value",
            reader => (Key: reader.GetString(0), Row: new MatchRow(reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3) != 0, reader.GetInt64(4))),
            ("@lab", labId), ("@ids", Json(records.Select(record => record.Key)))).ToLookup(match => match.Key, match => match.Row, StringComparer.Ordinal);
        return records.ToDictionary(
            record => record.Key,
            record => new KeptRecord(StoredItemJson.Read(record.Type, record.Document), record.Document, record.Sequence, [.. matches[record.Key]]),
            StringComparer.Ordinal);
    }

    /// <summary>The page's counts; null when it has not been kept.</summary>
    public PageCounts? CountsOf(string pageId) =>
        session.First(
            "SELECT received, new_records, updated_records, unattributed, quarantined FROM normalized_pages WHERE lab_id = @lab AND page_id = @page",
            reader => new PageCounts(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4)),
            ("@lab", labId), ("@page", pageId));

    /// <summary>Positions of the page that are in quarantine; only <paramref name="itemId"/>'s when it is given.</summary>
    public IReadOnlyList<int> HeldOf(string pageId, string? itemId) =>
        session.Query(
            "SELECT position FROM quarantine WHERE lab_id = @lab AND page_id = @page AND (@item IS NULL OR item_id = @item)",
            reader => reader.GetInt32(0),
            ("@lab", labId), ("@page", pageId), ("@item", itemId));

    /// <summary>Lets these positions of the page out of quarantine.</summary>
    public void LetOut(string pageId, IEnumerable<int> positions)
    {
        foreach (var position in positions)
        {
            session.Execute("DELETE FROM quarantine WHERE lab_id = @lab AND item_id = @item", ("@lab", labId), ("@item", QuarantinedEntry.IdOf(labId, pageId, position)));
        }
    }

    /// <summary>Writes what the page changes, and the page's counts.</summary>
    public void Put(string pageId, PageChange change, PageCounts counts, DateTimeOffset now)
    {
        foreach (var record in change.Records)
        {
            PutRecord(record);
        }

        foreach (var (sequence, key) in change.Changes)
        {
            session.Execute("INSERT INTO changes (lab_id, sequence, platform_id) VALUES (@lab, @sequence, @id)", ("@lab", labId), ("@sequence", sequence), ("@id", key));
        }

        if (change.Changes.Count > 0)
        {
            session.Execute("INSERT INTO sequences (lab_id, last) VALUES (@lab, @last) ON CONFLICT DO UPDATE SET last = excluded.last", ("@lab", labId), ("@last", change.Changes[^1].Sequence));
        }

        foreach (var observation in change.Observations)
        {
            Put(pageId, observation);
        }

        foreach (var bad in change.BadItems)
        {
            session.Execute(
                "INSERT INTO quarantine (lab_id, item_id, page_id, position, reason, quarantined_at) VALUES (@lab, @item, @page, @position, @reason, @now) ON CONFLICT DO NOTHING",
                ("@lab", labId), ("@item", QuarantinedEntry.IdOf(labId, pageId, bad.Position)), ("@page", pageId), ("@position", bad.Position), ("@reason", bad.Reason), ("@now", now.ToUnixTimeMilliseconds()));
        }

        Put(pageId, counts, now);
    }

    private void PutRecord(ChangedRecord record)
    {
        var (stored, document, sequence, _) = record.After;
        session.Execute(
            """
            INSERT INTO content_records (lab_id, platform_id, type, published_at, language, last_sequence, document) VALUES (@lab, @id, @type, @published, @language, @sequence, @document)
            ON CONFLICT DO UPDATE SET published_at = excluded.published_at, language = excluded.language, last_sequence = excluded.last_sequence, document = excluded.document
            """,
            ("@lab", labId), ("@id", stored.Key), ("@type", stored.Type.Name()), ("@published", stored.SortAt), ("@language", stored.Language), ("@sequence", sequence), ("@document", document));
        foreach (var match in record.NewMatches)
        {
            session.Execute(
                """
                INSERT INTO matches (lab_id, clause_id, day, platform_id, type, attributed, first_sequence) VALUES (@lab, @clause, @day, @id, @type, @attributed, @sequence)
                ON CONFLICT DO UPDATE SET attributed = excluded.attributed
                """,
                ("@lab", labId), ("@clause", match.ClauseId), ("@day", match.Day), ("@id", stored.Key), ("@type", stored.Type.Name()), ("@attributed", match.Attributed ? 1 : 0), ("@sequence", match.FirstSequence));
        }
    }

    private void Put(string pageId, ObservationRow observation)
    {
        var counts = observation.Counts;
        session.Execute(
            """
            INSERT INTO observations (lab_id, platform_id, fetched_at, page_id, position, views, likes, shares, comments)
            VALUES (@lab, @id, @at, @page, @position, @views, @likes, @shares, @comments) ON CONFLICT DO NOTHING
            """,
            ("@lab", labId), ("@id", observation.Key), ("@at", counts.Version.At), ("@page", pageId), ("@position", observation.Position),
            ("@views", counts.Views), ("@likes", counts.Likes), ("@shares", counts.Shares), ("@comments", counts.Comments));
    }

    private void Put(string pageId, PageCounts counts, DateTimeOffset now) =>
        session.Execute(
            """
            INSERT INTO normalized_pages (lab_id, page_id, received, new_records, updated_records, unattributed, quarantined, normalized_at)
            VALUES (@lab, @page, @received, @new, @updated, @unattributed, @quarantined, @now)
            ON CONFLICT DO UPDATE SET received = excluded.received, new_records = excluded.new_records, updated_records = excluded.updated_records,
                unattributed = excluded.unattributed, quarantined = excluded.quarantined
            """,
            ("@lab", labId), ("@page", pageId), ("@received", counts.Received), ("@new", counts.New), ("@updated", counts.Updated),
            ("@unattributed", counts.Unattributed), ("@quarantined", counts.Quarantined), ("@now", now.ToUnixTimeMilliseconds()));

    private static string Json(IEnumerable<string> ids) => JsonSerializer.Serialize(ids);
}
