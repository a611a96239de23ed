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
                if (session.Number("SELECT count(*) FROM raw_pages WHERE lab_id = @lab AND page_id = @page", ("@lab", page.LabId), ("@page", page.PageId)) > 0
                    || ReadFacts(session, page.LabId, page.SearchId) is not { } facts)
                {
                    return [];
                }

                var known = PageKeeping.NeedsCoverage(step) ? ReadCoverage(session, page.LabId, facts.Search.Search.Clauses) : facts.Coverage;
                var blackouts = step.News is { } news ? ReadBlackouts(session, news.Class) : facts.Blackouts;
                var merging = MergeLearning.Concerns(open.Search, outcome) ? ReadMerging(session, page.LabId, open.Search.Class) : facts.Merging;
                var (concerned, change) = PageKeeping.Keep(facts with { Coverage = known, Blackouts = blackouts, Merging = merging }, open, page, outcome, step);
                Write(session, page.LabId, change);
                return concerned;
            },
            cancellationToken);

    public Task<PageInContext?> FindPageAsync(string labId, string pageId, CancellationToken cancellationToken) =>
        file.ReadAsync(
            session => session.First(
                $"{PageColumns}, s.document, p.body, p.request_body FROM raw_pages p JOIN searches s USING (lab_id, search_id) WHERE p.lab_id = @lab AND p.page_id = @page",
                row => new PageInContext(
                    ReadPage(row) with { Body = PageBody.Unpack((byte[])row.GetValue(21)), RequestBody = (byte[])row.GetValue(22) },
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

    public Task<IReadOnlyList<string>> ListPageIdsAsync(string labId, string searchId, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<string>>(
            session => session.Query(
                "SELECT page_id FROM raw_pages WHERE lab_id = @lab AND search_id = @search ORDER BY sequence",
                row => row.GetString(0),
                ("@lab", labId),
                ("@search", searchId)),
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
                    "SELECT search_id, payer FROM raw_pages WHERE lab_id = @lab AND page_id = @page AND normalized = 0",
                    row => (SearchId: row.GetString(0), Payer: row.GetString(1)),
                    ("@lab", labId),
                    ("@page", pageId));
                if (page.SearchId is null || ReadFacts(session, labId, page.SearchId) is not { } facts)
                {
                    return [];
                }

                if (PageKeeping.Recalls(facts, page.Payer, counts) is { } days)
                {
                    facts = facts with
                    {
                        Coverage = ReadCoverage(session, labId, [.. facts.Search.Search.Clauses.Select(each => each with { Days = days })]),
                        Merging = ReadMerging(session, labId, facts.Search.Search.Class),
                    };
                }

                if (PageKeeping.MayBeChecked(facts, page.Payer, counts, options))
                {
                    facts = facts with
                    {
                        Blackouts = ReadBlackouts(session, facts.Search.Search.Class),
                        Outage = ReadOutage(session),
                        Asked = facts.Search.Collections.ToDictionary(id => id, id => ReadAsking(session, labId, id).Asked, StringComparer.Ordinal),
                    };
                }

                session.Execute("UPDATE raw_pages SET normalized = 1 WHERE lab_id = @lab AND page_id = @page", ("@lab", labId), ("@page", pageId));
                Write(session, labId, PageKeeping.Answer(facts, page.Payer, counts, now, options));
                return facts.Search.Collections;
            },
            cancellationToken);

    private static void Insert(SqliteSession session, KeptPage kept)
    {
        var page = kept.Page;
        session.Execute(
            """
            INSERT INTO raw_pages (lab_id, page_id, search_id, kind, cursor, attempt, status, fault, error_code, log_id, sha256, body, target,
                request_body, headers, latency_ms, grant_id, collector_version, fetched_at, tiktok_search_id, video_ids, payer, normalized, incident)
            VALUES (@lab, @page, @search, @kind, @cursor, @attempt, @status, @fault, @code, @log, @sha, @body, @target,
                @request, @headers, @latency, @grant, @version, @fetched, @tiktok, @ids, @payer, @normalized, @incident)
            """,
            ("@lab", page.LabId),
            ("@page", page.PageId),
            ("@search", page.SearchId),
            ("@kind", (int)page.Endpoint),
            ("@cursor", page.Cursor),
            ("@attempt", page.Attempt),
            ("@status", page.Status),
            ("@fault", page.Fault),
            ("@code", page.ErrorCode),
            ("@log", page.LogId),
            ("@sha", page.Sha256),
            ("@body", PageBody.Pack(page.Body)),
            ("@target", page.Target),
            ("@request", page.RequestBody.ToArray()),
            ("@headers", JsonSerializer.Serialize(page.Headers)),
            ("@latency", (long)page.Latency.TotalMilliseconds),
            ("@grant", page.GrantId),
            ("@version", page.CollectorVersion),
            ("@fetched", page.FetchedAt.ToUnixTimeMilliseconds()),
            ("@tiktok", page.TikTokSearchId),
            ("@ids", JsonSerializer.Serialize(kept.VideoIds)),
            ("@payer", kept.Payer),
            ("@normalized", page.Normalized),
            ("@incident", (int)kept.Incident));
    }

    private static RawPage ReadPage(SqliteDataReader row) => new()
    {
        LabId = row.GetString(0),
        PageId = row.GetString(1),
        SearchId = row.GetString(2),
        Endpoint = (ApiEndpoint)row.GetInt32(3),
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
}
