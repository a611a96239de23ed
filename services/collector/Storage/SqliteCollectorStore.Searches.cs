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
        SELECT s.document, s.checkpoint, s.priority,
            (SELECT json_group_array(collection_id) FROM (
                SELECT sc.collection_id FROM search_collections sc JOIN collections c USING (lab_id, collection_id)
                WHERE sc.lab_id = s.lab_id AND sc.search_id = s.search_id AND c.active = 1
                  AND (@awake IS NULL OR sc.collection_id IN (SELECT value FROM json_each(@awake)))
                ORDER BY c.created_at, c.collection_id))
        FROM searches s
        """;

    private const string WalkingOrder = "s.not_before > @now, s.priority, s.begun DESC, s.created_at, s.ordinal, s.search_id";

    public Task<IReadOnlyList<OpenSearch>> ListOpenAsync(IReadOnlyCollection<string>? awake, DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<OpenSearch>>(
            session => session.Query(
                $"""
                {OpenColumns} JOIN (
                    SELECT s.lab_id, s.search_id, row_number() OVER (PARTITION BY s.lab_id ORDER BY {WalkingOrder}) AS place FROM searches s
                    WHERE s.status = 0 AND (s.kind = @refresh AND (@awake IS NULL OR s.refresh_id IN (SELECT value FROM json_each(@awake))) OR EXISTS (
                        SELECT 1 FROM search_collections sc JOIN collections c USING (lab_id, collection_id)
                        WHERE sc.lab_id = s.lab_id AND sc.search_id = s.search_id AND c.active = 1
                          AND (@awake IS NULL OR sc.collection_id IN (SELECT value FROM json_each(@awake)))
                           AND (c.max_results = 0 OR NOT EXISTS (
                               SELECT 1 FROM search_collections l JOIN raw_pages p ON p.lab_id = l.lab_id AND p.search_id = l.search_id AND p.normalized = 0
                               WHERE l.lab_id = c.lab_id AND l.collection_id = c.collection_id))))) next USING (lab_id, search_id)
                WHERE next.place <= @limit
                ORDER BY {WalkingOrder}
                """,
                ReadOpen,
                ("@refresh", (int)SearchKind.Refresh),
                ("@awake", awake is null ? null : JsonSerializer.Serialize(awake)),
                ("@now", now.ToUnixTimeMilliseconds()),
                ("@limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<OpenSearch>> ListInFlightAsync(CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<OpenSearch>>(session => session.Query($"{OpenColumns} WHERE s.in_flight = 1", ReadOpen, ("@awake", null)), cancellationToken);

    public Task<bool> BeginRequestAsync(OpenSearch open, string grantId, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                if (!IsUnmoved(session, open) || !TryPay(session, open, out var payer))
                {
                    return false;
                }

                WriteCheckpoint(session, open.Search, open.Checkpoint with { InFlightGrant = grantId });
                session.Execute(
                    "UPDATE searches SET payer = @payer WHERE lab_id = @lab AND search_id = @search",
                    ("@payer", payer),
                    ("@lab", open.Search.LabId),
                    ("@search", open.Search.SearchId));
                return true;
            },
            cancellationToken);

    public Task AbandonRequestAsync(OpenSearch open, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                if (!IsInFlight(session, open))
                {
                    return;
                }

                Change(session, open.Search.LabId, PayerOf(session, open.Search), collection => collection with { Sent = collection.Sent - 1 });
                WriteCheckpoint(session, open.Search, open.Checkpoint with { InFlightGrant = "", NotBefore = notBefore });
            },
            cancellationToken);

    public Task ForgetRequestAsync(OpenSearch open, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                if (!IsInFlight(session, open))
                {
                    return;
                }

                Change(session, open.Search.LabId, PayerOf(session, open.Search), collection => collection with { Failed = collection.Failed + 1 });
                WriteCheckpoint(session, open.Search, open.Checkpoint with { InFlightGrant = "", Attempt = open.Checkpoint.Attempt + 1 });
            },
            cancellationToken);

    public Task SubmitRefreshAsync(Search search, CancellationToken cancellationToken) =>
        file.WriteAsync(session => Insert(session, search, ordinal: 0), cancellationToken);

    public Task<IReadOnlyList<EndedRefresh>> ListEndedRefreshesAsync(CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<EndedRefresh>>(
            session => session.Query(
                """
                SELECT s.document, min(s.answered) OVER (PARTITION BY s.lab_id, s.refresh_id),
                    (SELECT json_group_array(p.video_ids) FROM raw_pages p JOIN searches r USING (lab_id, search_id) WHERE r.lab_id = s.lab_id AND r.refresh_id = s.refresh_id),
                    (SELECT max(p.fetched_at) FROM raw_pages p JOIN searches r USING (lab_id, search_id) WHERE r.lab_id = s.lab_id AND r.refresh_id = s.refresh_id)
                FROM searches s
                WHERE s.refresh_id <> '' AND s.announced = 0
                  AND NOT EXISTS (SELECT 1 FROM searches o WHERE o.lab_id = s.lab_id AND o.refresh_id = s.refresh_id AND o.status = 0)
                """,
                row => new EndedRefresh(
                    CollectorJson.Read<Search>(row.GetString(0)),
                    row.GetInt32(1) == 1,
                    row.IsDBNull(3) ? DateTimeOffset.UnixEpoch : ReadTime(row, 3),
                    [.. JsonSerializer.Deserialize<string[]>(row.GetString(2))!.SelectMany(ids => JsonSerializer.Deserialize<string[]>(ids)!).Distinct(StringComparer.Ordinal)])),
            cancellationToken);

    public Task MarkAnnouncedAsync(string labId, string searchId, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session => session.Execute(
                "UPDATE searches SET announced = 1 WHERE lab_id = @lab AND search_id = @search",
                ("@lab", labId),
                ("@search", searchId)),
            cancellationToken);

    private static void Insert(SqliteSession session, Search search, int ordinal)
    {
        var added = session.Execute(
            """
            INSERT OR IGNORE INTO searches (lab_id, search_id, kind, priority, created_at, ordinal, status, not_before, begun, in_flight,
                payer, refresh_id, username, answered, announced, document, checkpoint)
            VALUES (@lab, @search, @kind, @priority, @created, @ordinal, 0, 0, 0, 0, '', @refresh, @username, 1, 0, @document, @checkpoint)
            """,
            ("@lab", search.LabId),
            ("@search", search.SearchId),
            ("@kind", (int)search.Kind),
            ("@priority", (int)search.Priority),
            ("@created", search.CreatedAt.ToUnixTimeMilliseconds()),
            ("@ordinal", ordinal),
            ("@refresh", search.RefreshId),
            ("@username", search.Username.ToLowerInvariant()),
            ("@document", CollectorJson.Write(search)),
            ("@checkpoint", CollectorJson.Write(Checkpoint.Start)));
        if (added == 0)
        {
            return;
        }

        foreach (var each in search.Clauses)
        {
            session.Execute(
                "INSERT INTO search_clauses (lab_id, clause_id, search_id, from_day, to_day) VALUES (@lab, @clause, @search, @from, @to)",
                ("@lab", search.LabId),
                ("@clause", each.Clause.ClauseId),
                ("@search", search.SearchId),
                ("@from", each.Days.From.DayNumber),
                ("@to", each.Days.To.DayNumber));
        }
    }

    private static bool IsUnmoved(SqliteSession session, OpenSearch open) =>
        open.Checkpoint.InFlightGrant.Length == 0 && CheckpointOf(session, open.Search) == open.Checkpoint;

    private static bool IsInFlight(SqliteSession session, OpenSearch open) =>
        open.Checkpoint.InFlightGrant.Length > 0 && CheckpointOf(session, open.Search)?.InFlightGrant == open.Checkpoint.InFlightGrant;

    /// <summary>Null when the search is not open any more.</summary>
    private static Checkpoint? CheckpointOf(SqliteSession session, Search search) =>
        session.First(
            "SELECT checkpoint FROM searches WHERE lab_id = @lab AND search_id = @search AND status = 0",
            row => CollectorJson.Read<Checkpoint>(row.GetString(0)),
            ("@lab", search.LabId),
            ("@search", search.SearchId));

    /// <summary>Charges the oldest active collection that has units left; those without have reached their limit.</summary>
    private static bool TryPay(SqliteSession session, OpenSearch open, out string payer)
    {
        payer = "";
        if (open.Search.Kind is SearchKind.Refresh)
        {
            return true;
        }

        foreach (var collectionId in open.Collections)
        {
            // Whoever waited for this search waits no longer.
            Change(session, open.Search.LabId, collectionId, collection => collection is { IsActive: true, WaitingFor.Length: > 0 } ? collection with { State = CollectionState.Running, WaitingFor = "", WaitingUntil = null } : null);
        }

        foreach (var collectionId in open.Collections)
        {
            var spent = false;
            Change(session, open.Search.LabId, collectionId, collection =>
            {
                spent = collection.IsActive && (collection.MaxUnits == 0 || collection.Sent < collection.MaxUnits);
                return spent ? collection with { Sent = collection.Sent + 1 } : collection.IsActive ? collection with { LimitReached = true } : null;
            });
            if (spent)
            {
                payer = collectionId;
                return true;
            }
        }

        return false;
    }

    private static string PayerOf(SqliteSession session, Search search) =>
        session.First(
            "SELECT payer FROM searches WHERE lab_id = @lab AND search_id = @search",
            row => row.GetString(0),
            ("@lab", search.LabId),
            ("@search", search.SearchId)) ?? "";

    private static void WriteCheckpoint(SqliteSession session, Search search, Checkpoint checkpoint) =>
        session.Execute(
            """
            UPDATE searches SET checkpoint = @checkpoint, not_before = @before, begun = @begun, in_flight = @flight
            WHERE lab_id = @lab AND search_id = @search
            """,
            ("@checkpoint", CollectorJson.Write(checkpoint)),
            ("@before", checkpoint.NotBefore.ToUnixTimeMilliseconds()),
            ("@begun", checkpoint.IsFirstPage ? 0 : 1),
            ("@flight", checkpoint.InFlightGrant.Length > 0 ? 1 : 0),
            ("@lab", search.LabId),
            ("@search", search.SearchId));

    private static OpenSearch ReadOpen(SqliteDataReader row) => new(
        CollectorJson.Read<Search>(row.GetString(0)) with { Priority = (Priority)row.GetInt32(2) },
        CollectorJson.Read<Checkpoint>(row.GetString(1)),
        JsonSerializer.Deserialize<string[]>(row.GetString(3))!);
}
