using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Writes one page within one transaction and counts what became of its items.</summary>
internal sealed class SqlitePageWriter(SqliteSession session, string labId, NormalizedPage page, DateTimeOffset now)
{
    private readonly Dictionary<string, StoredVideo> videos = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> documents = new(StringComparer.Ordinal);
    private readonly long firstSequence = session.Number("SELECT last FROM sequences WHERE lab_id = @lab", ("@lab", labId));
    private long changes;
    private int created;
    private int updated;
    private int unattributed;

    /// <summary>Videos of the page that have a record, as they are now.</summary>
    public IReadOnlyList<StoredVideo> Videos => [.. videos.Values];

    /// <summary>Keeps these items and puts the bad ones into quarantine; returns the counts.</summary>
    public PageCounts Keep(IReadOnlyList<NormalizedItem> items, IReadOnlyList<BadItem> badItems)
    {
        ReadDocuments(items);
        foreach (var item in items)
        {
            Keep(item);
        }

        foreach (var bad in badItems)
        {
            session.Execute(
                "INSERT INTO quarantine (lab_id, item_id, page_id, position, reason, quarantined_at) VALUES (@lab, @item, @page, @position, @reason, @now) ON CONFLICT DO NOTHING",
                ("@lab", labId), ("@item", ItemId(bad.Position)), ("@page", page.PageId), ("@position", bad.Position), ("@reason", bad.Reason), ("@now", now.ToUnixTimeMilliseconds()));
        }

        if (changes > 0)
        {
            session.Execute("INSERT INTO sequences (lab_id, last) VALUES (@lab, @last) ON CONFLICT DO UPDATE SET last = excluded.last", ("@lab", labId), ("@last", firstSequence + changes));
        }

        return new(page.Received, created, updated, unattributed, badItems.Count);
    }

    private void Keep(NormalizedItem item)
    {
        var id = item.Video.PlatformId;
        var before = documents.GetValueOrDefault(id);
        if (before is null && page.Refresh)
        {
            return;
        }

        var known = before is null ? null : StoredVideoJson.Read(before);
        var video = known is null ? item.Video : page.Refresh ? known.Refreshed(item.Video) : StoredVideo.Merge(known, item.Video);
        var document = StoredVideoJson.Write(video);
        var matched = PutMatches(item);
        if (matched || !string.Equals(document, before, StringComparison.Ordinal))
        {
            Put(video, document);
            documents[id] = document;
        }

        Observe(item);
        videos[id] = video;
        created += before is null ? 1 : 0;
        updated += before is null ? 0 : 1;
        unattributed += item.Unattributed ? 1 : 0;
    }

    /// <summary>What is known of the items, read at once.</summary>
    private void ReadDocuments(IReadOnlyList<NormalizedItem> items)
    {
        var rows = session.Query(
            "SELECT platform_id, document FROM json_each(@ids) CROSS JOIN content_records ON lab_id = @lab AND platform_id = value",
            reader => (Id: reader.GetString(0), Document: reader.GetString(1)),
            ("@lab", labId), ("@ids", JsonSerializer.Serialize(items.Select(item => item.Video.PlatformId))));
        foreach (var (id, document) in rows)
        {
            documents[id] = document;
        }
    }

    private bool PutMatches(NormalizedItem item)
    {
        var changed = false;
        foreach (var match in item.Matches)
        {
            changed |= session.Execute(
                """
                INSERT INTO matches (lab_id, clause_id, day, platform_id, attributed, first_sequence) VALUES (@lab, @clause, @day, @id, @attributed, @sequence)
                ON CONFLICT DO UPDATE SET attributed = 1 WHERE attributed = 0 AND excluded.attributed = 1
                """,
                ("@lab", labId), ("@clause", match.ClauseId), ("@day", item.Day.DayNumber), ("@id", item.Video.PlatformId), ("@attributed", match.Attributed ? 1 : 0), ("@sequence", firstSequence + changes + 1)) > 0;
        }

        return changed;
    }

    private void Put(StoredVideo video, string document)
    {
        var sequence = firstSequence + ++changes;
        session.Execute(
            """
            INSERT INTO content_records (lab_id, platform_id, published_at, language, last_sequence, document) VALUES (@lab, @id, @published, @language, @sequence, @document)
            ON CONFLICT DO UPDATE SET published_at = excluded.published_at, language = excluded.language, last_sequence = excluded.last_sequence, document = excluded.document
            """,
            ("@lab", labId), ("@id", video.PlatformId), ("@published", video.PublishedAt.ToUnixTimeMilliseconds()), ("@language", video.Caption?.Language), ("@sequence", sequence), ("@document", document));
        session.Execute("INSERT INTO changes (lab_id, sequence, platform_id) VALUES (@lab, @sequence, @id)", ("@lab", labId), ("@sequence", sequence), ("@id", video.PlatformId));
    }

    private void Observe(NormalizedItem item)
    {
        if (item.Video.Counts is not { } counts)
        {
            return;
        }

        session.Execute(
            """
            INSERT INTO observations (lab_id, platform_id, fetched_at, page_id, position, views, likes, shares, comments)
            VALUES (@lab, @id, @at, @page, @position, @views, @likes, @shares, @comments) ON CONFLICT DO NOTHING
            """,
            ("@lab", labId), ("@id", item.Video.PlatformId), ("@at", counts.Version.At), ("@page", page.PageId), ("@position", item.Position),
            ("@views", counts.Views), ("@likes", counts.Likes), ("@shares", counts.Shares), ("@comments", counts.Comments));
    }

    /// <summary>The same item has the same id, however often its page comes.</summary>
    private string ItemId(int position) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{labId}/{page.PageId}/{position}")))[..32];
}
