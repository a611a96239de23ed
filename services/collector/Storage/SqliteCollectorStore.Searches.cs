using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Searches on their way: which is next, what is in flight, what follows from a page.</summary>
internal sealed partial class SqliteCollectorStore
{
    private const string OpenColumns =
        """
        SELECT s.document, s.checkpoint, s.priority, s.holder, s.holder_epoch,
            (SELECT json_group_array(collection_id) FROM (
                SELECT sc.collection_id FROM search_collections sc CROSS JOIN collections c USING (lab_id, collection_id)
                WHERE sc.lab_id = s.lab_id AND sc.search_id = s.search_id AND c.active = 1 AND c.rests_until <= @now
                  AND (@awake IS NULL OR sc.collection_id IN (SELECT value FROM json_each(@awake)))
                ORDER BY c.created_at, c.collection_id)),
            {0}
        FROM searches s
        """;

    private const string RecordColumns =
        """
        SELECT s.document, s.checkpoint, s.priority, s.holder, s.holder_epoch, s.ordinal, s.status, s.payer, s.answered, s.announced, s.covered_from, s.covered_to,
            (SELECT json_group_array(collection_id) FROM (
                SELECT collection_id FROM search_collections sc WHERE sc.lab_id = s.lab_id AND sc.search_id = s.search_id ORDER BY collection_id)),
            (SELECT json_group_object(payer, pages) FROM (
                SELECT payer, count(*) AS pages FROM raw_pages p WHERE p.lab_id = s.lab_id AND p.search_id = s.search_id AND p.normalized = 0 GROUP BY payer)),
            s.brought
        FROM searches s
        """;

    private const string WalkingOrder = "s.not_before > @now, {0} DESC, s.priority, s.begun DESC, s.created_at, s.ordinal, s.search_id";

    /// <summary>Whether the search makes the next test of the exploration of its class, or could.</summary>
    private const string Carries =
        "(x.class IS NOT NULL AND (s.search_id = x.tester OR ((x.tester = '' OR x.at <= @stale) AND x.anchor BETWEEN s.from_day AND s.to_day)))";

    public Task<IReadOnlyList<OpenSearch>> ListOpenAsync(IReadOnlyCollection<string>? awake, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<OpenSearch>>(
            session => session.Query(
                $"""
                WITH ready AS MATERIALIZED (
                    SELECT c.lab_id, c.collection_id, c.caller FROM collections c INDEXED BY collections_unfinished
                    WHERE c.ended = 0 AND c.active = 1 AND c.rests_until <= @now AND (@awake IS NULL OR c.collection_id IN (SELECT value FROM json_each(@awake)))
                      AND (c.max_results = 0 OR NOT EXISTS (
                          SELECT 1 FROM search_collections l JOIN raw_pages p ON p.lab_id = l.lab_id AND p.search_id = l.search_id AND p.normalized = 0
                          WHERE l.lab_id = c.lab_id AND l.collection_id = c.collection_id))),
                callers AS MATERIALIZED (SELECT DISTINCT lab_id, caller FROM ready),
                wanted AS MATERIALIZED (
                    SELECT s.lab_id, s.search_id, '' AS caller FROM searches s
                    WHERE s.status = 0 AND s.kind = @refresh AND (@awake IS NULL OR s.refresh_id IN (SELECT value FROM json_each(@awake)))
                    UNION ALL
                    SELECT s.lab_id, s.search_id, k.caller FROM searches s CROSS JOIN callers k USING (lab_id)
                    WHERE s.status = 0 AND EXISTS (
                        SELECT 1 FROM search_collections sc CROSS JOIN ready r USING (lab_id, collection_id)
                        WHERE sc.lab_id = s.lab_id AND sc.search_id = s.search_id AND r.caller = k.caller))
                {Open("next.caller")} JOIN (
                    SELECT s.lab_id, s.search_id, w.caller, {Carries} AS carries, row_number() OVER (PARTITION BY s.lab_id, s.bucket, w.caller, s.kind = @refresh ORDER BY {Order(Carries)}) AS place
                    FROM wanted w JOIN searches s USING (lab_id, search_id)
                        LEFT JOIN explorations x ON x.class = s.class AND x.ended = 0 AND s.kind = @videos AND s.begun = 0
                    WHERE x.class IS NULL OR {Carries} OR x.at <= @stale OR s.to_day < x.holds_from) next USING (lab_id, search_id)
                WHERE next.place <= @limit
                ORDER BY {Order("next.carries")}, next.caller
                """,
                ReadOpen,
                ("@videos", (int)SearchKind.Videos),
                ("@stale", (now - Exploration.Patience).ToUnixTimeMilliseconds()),
                ("@refresh", (int)SearchKind.Refresh),
                ("@awake", awake is null ? null : JsonSerializer.Serialize(awake)),
                ("@now", now.ToUnixTimeMilliseconds()),
                ("@limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<OpenSearch>> ListInFlightAsync(CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<OpenSearch>>(session => session.Query($"{Open("''")} WHERE s.in_flight = 1", ReadOpen, ("@awake", null), ("@now", long.MaxValue)), cancellationToken);

    public Task<bool> BeginRequestAsync(OpenSearch open, string grantId, Holder holder, DateTimeOffset now, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                if (EpochOf(session, holder.Instance) != holder.Epoch || ReadFacts(session, open.Search.LabId, open.Search.SearchId) is not { } facts)
                {
                    return false;
                }

                var (begun, change) = RequestPaying.Begin(facts, open, grantId, holder, now);
                Write(session, open.Search.LabId, change);
                return begun;
            },
            cancellationToken);

    public Task AbandonRequestAsync(OpenSearch open, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        DecideAsync(open.Search, facts => RequestPaying.Abandon(facts, open, notBefore), cancellationToken);

    public Task ForgetRequestAsync(OpenSearch open, CancellationToken cancellationToken) =>
        DecideAsync(open.Search, facts => RequestPaying.Forget(facts, open), cancellationToken);

    public Task NoteToldAsync(OpenSearch open, CancellationToken cancellationToken) =>
        DecideAsync(open.Search, facts => RequestPaying.NoteTold(facts, open), cancellationToken);

    private Task DecideAsync(Search search, Func<SearchFacts, LabChange> decide, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                if (ReadFacts(session, search.LabId, search.SearchId) is { } facts)
                {
                    Write(session, search.LabId, decide(facts));
                }
            },
            cancellationToken);

    private static SearchFacts? ReadFacts(SqliteSession session, string labId, string searchId) =>
        FindSearch(session, labId, searchId) is { } search
            ? new(search, [.. search.Collections.Select(id => Find(session, labId, id)).OfType<CollectionRecord>()])
            : null;

    private static SearchRecord? FindSearch(SqliteSession session, string labId, string searchId) =>
        session.First($"{RecordColumns} WHERE s.lab_id = @lab AND s.search_id = @search", ReadRecord, ("@lab", labId), ("@search", searchId));

    private static SearchRecord ReadRecord(SqliteDataReader row) => new()
    {
        Search = ReadSearch(row),
        Checkpoint = CollectorJson.Read<Checkpoint>(row.GetString(1)),
        Holder = ReadHolder(row, 3),
        Ordinal = row.GetInt32(5),
        Status = (SearchStatus)row.GetInt32(6),
        Payer = row.GetString(7),
        Answered = row.GetBoolean(8),
        Announced = row.GetBoolean(9),
        Covered = row.IsDBNull(10) ? null : ReadDays(row, 10),
        Collections = JsonSerializer.Deserialize<string[]>(row.GetString(12))!,
        Unanswered = JsonSerializer.Deserialize<Dictionary<string, int>>(row.GetString(13))!,
        Brought = row.GetString(14) is { Length: > 0 } brought ? CollectorJson.Read<Brought>(brought) : null,
    };

    private static string Open(string caller) => OpenColumns.Replace("{0}", caller, StringComparison.Ordinal);

    private static string Order(string carries) => WalkingOrder.Replace("{0}", carries, StringComparison.Ordinal);

    private static OpenSearch ReadOpen(SqliteDataReader row) => new(
        ReadSearch(row),
        CollectorJson.Read<Checkpoint>(row.GetString(1)),
        JsonSerializer.Deserialize<string[]>(row.GetString(5))!,
        ReadHolder(row, 3))
    {
        Caller = row.GetString(6),
    };

    private static Search ReadSearch(SqliteDataReader row) => CollectorJson.Read<Search>(row.GetString(0)) with { Priority = (Priority)row.GetInt32(2) };

    private static Holder? ReadHolder(SqliteDataReader row, int column) =>
        row.GetString(column) is { Length: > 0 } instance ? new(instance, row.GetInt64(column + 1)) : null;
}
