using System.IO.Compression;
using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Raw pages and what follows from them. Bodies are kept compressed; they come back byte for byte.</summary>
internal sealed partial class SqliteCollectorStore
{
    private const string PageColumns =
        """
        SELECT p.lab_id, p.page_id, p.search_id, p.kind, p.cursor, p.attempt, p.status, p.fault, p.error_code, p.log_id, p.sha256,
            p.target, p.headers, p.latency_ms, p.grant_id, p.collector_version, p.fetched_at, p.tiktok_search_id, p.normalized, p.sequence
        """;

    public Task<IReadOnlyList<string>> KeepPageAsync(OpenSearch open, RawPage page, Outcome outcome, Step step, CancellationToken cancellationToken) =>
        file.WriteAsync<IReadOnlyList<string>>(
            session =>
            {
                var isAwaited = IsInFlight(session, open);
                var payer = PayerOf(session, open.Search);
                if (!InsertPage(session, page, outcome, payer) || !isAwaited)
                {
                    return [];
                }

                var ok = outcome.Class is ResearchApi.ApiErrorClass.Ok ? 1 : 0;
                Change(session, page.LabId, payer, collection => collection with { Ok = collection.Ok + ok, Failed = collection.Failed + 1 - ok });
                Follow(session, open.Search, outcome, step, page.FetchedAt);
                return CollectionsOf(session, page.LabId, page.SearchId);
            },
            cancellationToken);

    public Task<PageInContext?> FindPageAsync(string labId, string pageId, CancellationToken cancellationToken) =>
        file.ReadAsync(
            session => session.First(
                $"{PageColumns}, s.document, p.body, p.request_body FROM raw_pages p JOIN searches s USING (lab_id, search_id) WHERE p.lab_id = @lab AND p.page_id = @page",
                row => new PageInContext(
                    ReadPage(row) with { Body = Unpack((byte[])row.GetValue(21)), RequestBody = (byte[])row.GetValue(22) },
                    CollectorJson.Read<Search>(row.GetString(20))),
                ("@lab", labId),
                ("@page", pageId)),
            cancellationToken);

    public Task<IReadOnlyList<string>> ListVideoIdsAsync(string labId, string searchId, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<string>>(
            session =>
            [
                .. session.Query(
                    "SELECT video_ids FROM raw_pages WHERE lab_id = @lab AND search_id = @search",
                    row => row.GetString(0),
                    ("@lab", labId),
                    ("@search", searchId)).SelectMany(ids => JsonSerializer.Deserialize<string[]>(ids)!),
            ],
            cancellationToken);

    public Task<IReadOnlyList<RawPage>> ListPagesAsync(string labId, bool onlyUnanswered, long afterSequence, int limit, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<RawPage>>(
            session => session.Query(
                $"{PageColumns} FROM raw_pages p WHERE (@lab = '' OR p.lab_id = @lab) AND (@all OR p.normalized = 0) AND p.sequence > @after ORDER BY p.sequence LIMIT @limit",
                ReadPage,
                ("@lab", labId),
                ("@all", !onlyUnanswered),
                ("@after", afterSequence),
                ("@limit", limit)),
            cancellationToken);

    public Task<long> CountUnansweredAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        file.ReadAsync(
            session => session.Number(
                """
                SELECT count(*) FROM raw_pages p WHERE p.normalized = 0 AND p.lab_id = @lab AND (@collection = '' OR EXISTS (
                    SELECT 1 FROM search_collections sc WHERE sc.lab_id = p.lab_id AND sc.search_id = p.search_id AND sc.collection_id = @collection))
                """,
                ("@lab", labId),
                ("@collection", collectionId)),
            cancellationToken);

    public Task<IReadOnlyList<string>> MarkNormalizedAsync(string labId, string pageId, PageCounts counts, DateTimeOffset now, CancellationToken cancellationToken) =>
        file.WriteAsync<IReadOnlyList<string>>(
            session =>
            {
                var page = session.First(
                    "SELECT search_id, payer, normalized FROM raw_pages WHERE lab_id = @lab AND page_id = @page",
                    row => (SearchId: row.GetString(0), Payer: row.GetString(1), Normalized: row.GetBoolean(2)),
                    ("@lab", labId),
                    ("@page", pageId));
                if (page.SearchId is null || page.Normalized)
                {
                    return [];
                }

                session.Execute("UPDATE raw_pages SET normalized = 1 WHERE lab_id = @lab AND page_id = @page", ("@lab", labId), ("@page", pageId));
                Change(session, labId, page.Payer, collection => collection with
                {
                    Received = collection.Received + counts.Received,
                    New = collection.New + counts.New,
                    Updated = collection.Updated + counts.Updated,
                    Unattributed = collection.Unattributed + counts.Unattributed,
                    Quarantined = collection.Quarantined + counts.Quarantined,
                });
                TryClose(session, labId, page.SearchId);
                return CollectionsOf(session, labId, page.SearchId);
            },
            cancellationToken);

    private static bool InsertPage(SqliteSession session, RawPage page, Outcome outcome, string payer) =>
        session.Execute(
            """
            INSERT OR IGNORE INTO raw_pages (lab_id, page_id, search_id, kind, cursor, attempt, status, fault, error_code, log_id, sha256, body, target,
                request_body, headers, latency_ms, grant_id, collector_version, fetched_at, tiktok_search_id, video_ids, payer, normalized)
            VALUES (@lab, @page, @search, @kind, @cursor, @attempt, @status, @fault, @code, @log, @sha, @body, @target,
                @request, @headers, @latency, @grant, @version, @fetched, @tiktok, @ids, @payer, @normalized)
            """,
            ("@lab", page.LabId),
            ("@page", page.PageId),
            ("@search", page.SearchId),
            ("@kind", (int)page.Kind),
            ("@cursor", page.Cursor),
            ("@attempt", page.Attempt),
            ("@status", page.Status),
            ("@fault", page.Fault),
            ("@code", page.ErrorCode),
            ("@log", page.LogId),
            ("@sha", page.Sha256),
            ("@body", Pack(page.Body)),
            ("@target", page.Target),
            ("@request", page.RequestBody.ToArray()),
            ("@headers", JsonSerializer.Serialize(page.Headers)),
            ("@latency", (long)page.Latency.TotalMilliseconds),
            ("@grant", page.GrantId),
            ("@version", page.CollectorVersion),
            ("@fetched", page.FetchedAt.ToUnixTimeMilliseconds()),
            ("@tiktok", page.TikTokSearchId),
            ("@ids", JsonSerializer.Serialize(outcome.VideoIds)),
            ("@payer", payer),
            ("@normalized", page.Normalized)) == 1;

    private static void Follow(SqliteSession session, Search search, Outcome outcome, Step step, DateTimeOffset now)
    {
        switch (step)
        {
            case Step.GoOn next:
                WriteCheckpoint(session, search, next.Next);
                break;
            case Step.Stopped stopped:
                WriteCheckpoint(session, search, stopped.Next);
                foreach (var collectionId in CollectionsOf(session, search.LabId, search.SearchId))
                {
                    Change(session, search.LabId, collectionId, collection => collection.IsActive ? collection with { State = CollectionState.Failed, Failure = stopped.Failure, WaitingFor = "", WaitingUntil = null } : null);
                }

                break;
            case Step.Finished finished:
                Finish(session, search, outcome, finished, now);
                break;
        }
    }

    private static void Finish(SqliteSession session, Search search, Outcome outcome, Step.Finished finished, DateTimeOffset now)
    {
        session.Execute(
            """
            UPDATE searches SET status = @drained, in_flight = 0, answered = @answered, covered_from = @from, covered_to = @to
            WHERE lab_id = @lab AND search_id = @search
            """,
            ("@drained", Drained),
            ("@answered", finished.Missing is null ? 1 : 0),
            ("@from", finished.Covered?.From.DayNumber),
            ("@to", finished.Covered?.To.DayNumber),
            ("@lab", search.LabId),
            ("@search", search.SearchId));
        foreach (var successor in finished.Successors)
        {
            Insert(session, successor, ordinal: 0);
            session.Execute(
                """
                INSERT OR IGNORE INTO search_collections (lab_id, search_id, collection_id)
                SELECT lab_id, @successor, collection_id FROM search_collections WHERE lab_id = @lab AND search_id = @search
                """,
                ("@successor", successor.SearchId),
                ("@lab", search.LabId),
                ("@search", search.SearchId));
        }

        foreach (var each in search.Clauses)
        {
            if (finished.Missing is { } missing && each.Days.Intersect(missing.Days) is { } days)
            {
                WriteGap(session, search.LabId, each.Clause.ClauseId, missing with { Days = days }, outcome.LogId, search.SearchId);
            }
        }

        if (search.Kind is SearchKind.Profile)
        {
            session.Execute(
                "INSERT INTO profiles (lab_id, username, outcome, read_at) VALUES (@lab, @name, @outcome, @now) ON CONFLICT DO UPDATE SET outcome = @outcome, read_at = @now",
                ("@lab", search.LabId),
                ("@name", search.Username.ToLowerInvariant()),
                ("@outcome", finished.Missing is null ? "ok" : finished.Missing.Detail.StartsWith("user_", StringComparison.Ordinal) ? finished.Missing.Detail : "failed"),
                ("@now", now.ToUnixTimeMilliseconds()));
        }

        TryClose(session, search.LabId, search.SearchId);
    }

    /// <summary>A finished search whose pages have all been normalised has covered its days.</summary>
    private static void TryClose(SqliteSession session, string labId, string searchId)
    {
        var search = session.First(
            """
            SELECT document, covered_from, covered_to FROM searches s WHERE lab_id = @lab AND search_id = @search AND status = @drained
              AND NOT EXISTS (SELECT 1 FROM raw_pages p WHERE p.lab_id = s.lab_id AND p.search_id = s.search_id AND p.normalized = 0)
            """,
            row => (Search: CollectorJson.Read<Search>(row.GetString(0)), Covered: row.IsDBNull(1) ? (Days?)null : ReadDays(row, 1)),
            ("@lab", labId),
            ("@search", searchId),
            ("@drained", Drained));
        if (search.Search is null)
        {
            return;
        }

        foreach (var each in search.Search.Clauses)
        {
            if (search.Covered is { } covered && each.Days.Intersect(covered) is { } days)
            {
                WriteComplete(session, labId, each.Clause.ClauseId, days, searchId);
            }
        }

        session.Execute("UPDATE searches SET status = @closed WHERE lab_id = @lab AND search_id = @search", ("@closed", Closed), ("@lab", labId), ("@search", searchId));
        session.Execute("DELETE FROM search_clauses WHERE lab_id = @lab AND search_id = @search", ("@lab", labId), ("@search", searchId));
    }

    private static List<string> CollectionsOf(SqliteSession session, string labId, string searchId) =>
        session.Query(
            "SELECT collection_id FROM search_collections WHERE lab_id = @lab AND search_id = @search ORDER BY collection_id",
            row => row.GetString(0),
            ("@lab", labId),
            ("@search", searchId));

    private static RawPage ReadPage(SqliteDataReader row) => new()
    {
        LabId = row.GetString(0),
        PageId = row.GetString(1),
        SearchId = row.GetString(2),
        Kind = (PageKind)row.GetInt32(3),
        Cursor = row.GetInt64(4),
        Attempt = row.GetInt32(5),
        Status = row.GetInt32(6),
        Fault = row.GetString(7),
        ErrorCode = row.GetString(8),
        LogId = row.GetString(9),
        Sha256 = row.GetString(10),
        Target = row.GetString(11),
        Headers = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(12))!,
        Latency = TimeSpan.FromMilliseconds(row.GetInt64(13)),
        GrantId = row.GetString(14),
        CollectorVersion = row.GetString(15),
        FetchedAt = ReadTime(row, 16),
        TikTokSearchId = row.GetString(17),
        Normalized = row.GetBoolean(18),
        Sequence = row.GetInt64(19),
        Body = ReadOnlyMemory<byte>.Empty,
        RequestBody = ReadOnlyMemory<byte>.Empty,
    };

    private static byte[] Pack(ReadOnlyMemory<byte> body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(body.Span);
        }

        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var body = new MemoryStream();
        gzip.CopyTo(body);
        return body.ToArray();
    }
}
