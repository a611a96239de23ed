using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Coverage, and what a plan makes of it.</summary>
internal sealed partial class SqliteCollectorStore
{
    public Task<PlanningState> ReadPlanningStateAsync(string labId, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, CancellationToken cancellationToken) =>
        file.ReadAsync(session => ReadState(session, labId, asked, lists), cancellationToken);

    public Task<History> ReadHistoryAsync(string labId, IReadOnlyList<AskedClause> asked, CancellationToken cancellationToken) =>
        file.ReadAsync(session => new History(ReadCoverage(session, labId, asked), ReadMerging(session, labId, asked)), cancellationToken);

    private static PlanningState ReadState(SqliteSession session, string labId, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists) => new()
    {
        Coverage = ReadCoverage(session, labId, asked),
        OpenSearches = ByClause(session.Query(
            """
            SELECT s.clause_id, s.search_id, s.from_day, s.to_day FROM json_each(@clauses) CROSS JOIN search_clauses s ON s.lab_id = @lab AND s.clause_id = value
            ORDER BY s.search_id
            """,
            row => (row.GetString(0), new OpenSearchDays(row.GetString(1), ReadDays(row, 2))),
            ("@lab", labId),
            ("@clauses", ClauseIds(asked.Where(each => !each.IsList).Select(each => each.Clause))))),
        Lists = ReadLists(session, labId, lists),
        Blackouts = asked.Any(each => !each.IsList) ? Enum.GetValues<ClauseClass>().ToDictionary(each => each, each => ReadBlackouts(session, each)) : [],
        Merging = ReadMerging(session, labId, asked),
        Waiting = ReadWaiting(session, labId, asked),
    };

    private static Dictionary<string, IReadOnlyList<CoveredDay>> ReadCoverage(SqliteSession session, string labId, IReadOnlyList<AskedClause> asked) =>
        ReadCoverage(session, labId, [.. asked.Where(each => !each.IsList).Select(each => new SearchClause(each.Clause, each.Days))]);

    private static Dictionary<string, IReadOnlyList<CoveredDay>> ReadCoverage(SqliteSession session, string labId, IReadOnlyList<SearchClause> clauses)
    {
        if (clauses.Count == 0)
        {
            return [];
        }

        return ByClause(session.Query(
            """
            SELECT clause_id, day, state, reason, detail, log_id, retry_at, videos, read_at, partial FROM coverage
            WHERE lab_id = @lab AND clause_id IN (SELECT value FROM json_each(@clauses)) AND day BETWEEN @from AND @to
            ORDER BY clause_id, day
            """,
            row => (row.GetString(0), new CoveredDay
            {
                Day = DateOnly.FromDayNumber(row.GetInt32(1)),
                State = (CoverageState)row.GetInt32(2),
                Reason = (GapReason)row.GetInt32(3),
                Detail = row.GetString(4),
                LogId = row.GetString(5),
                RetryAt = ReadTime(row, 6),
                Videos = row.IsDBNull(7) ? null : row.GetInt32(7),
                ReadAt = row.IsDBNull(8) ? null : ReadTime(row, 8),
                IsPartial = row.GetBoolean(9),
            }),
            ("@lab", labId),
            ("@clauses", ClauseIds(clauses.Select(each => each.Clause))),
            ("@from", clauses.Min(clause => clause.Days.From).DayNumber),
            ("@to", clauses.Max(clause => clause.Days.To).DayNumber)));
    }

    /// <summary>What is known of these lists, and who reads them now.</summary>
    private static Dictionary<ListKey, ListFact> ReadLists(SqliteSession session, string labId, IReadOnlyList<ListKey> lists) =>
        ReadListFacts(
            session,
            """
            WITH asked AS (SELECT DISTINCT json_extract(value, '$[0]') AS endpoint, json_extract(value, '$[1]') AS subject FROM json_each(@lists))
            SELECT a.endpoint, a.subject,
                (SELECT s.search_id FROM searches s WHERE s.lab_id = @lab AND s.endpoint = a.endpoint AND s.subject = a.subject AND s.subject <> '' AND s.status < 2),
                l.result, l.reason, l.items, l.is_cut, l.log_id, l.read_at
            FROM asked a LEFT JOIN lists l ON l.lab_id = @lab AND l.endpoint = a.endpoint AND l.subject = a.subject
            """,
            ("@lab", labId),
            ("@lists", JsonSerializer.Serialize(lists.Select(list => new object[] { (int)list.Endpoint, list.Subject }))));

    /// <summary>What is known of the lists that a collection asked for, and which of its searches read them now.</summary>
    private static Dictionary<ListKey, ListFact> ReadLists(SqliteSession session, string labId, string collectionId) =>
        ReadListFacts(
            session,
            """
            SELECT a.endpoint, a.subject,
                (SELECT s.search_id FROM searches s
                 WHERE s.lab_id = @lab AND s.endpoint = a.endpoint AND s.subject = a.subject AND s.subject <> '' AND s.status < 2 AND EXISTS (
                     SELECT 1 FROM search_collections sc WHERE sc.lab_id = s.lab_id AND sc.search_id = s.search_id AND sc.collection_id = @collection)),
                l.result, l.reason, l.items, l.is_cut, l.log_id, l.read_at
            FROM collection_lists a LEFT JOIN lists l USING (lab_id, endpoint, subject)
            WHERE a.lab_id = @lab AND a.collection_id = @collection
            """,
            ("@lab", labId),
            ("@collection", collectionId));

    private static Dictionary<ListKey, ListFact> ReadListFacts(SqliteSession session, string query, params (string, object?)[] values) =>
        session.Query(
            query,
            row => (List: ReadKey(row, 0), Fact: new ListFact(row.IsDBNull(2) ? "" : row.GetString(2), row.IsDBNull(3) ? null : new()
            {
                List = ReadKey(row, 0),
                Result = (ListResult)row.GetInt32(3),
                Reason = row.GetString(4),
                Items = row.GetInt64(5),
                IsCut = row.GetBoolean(6),
                LogId = row.GetString(7),
                ReadAt = ReadTime(row, 8),
            })),
            values).ToDictionary(row => row.List, row => row.Fact);

    private static ListKey ReadKey(SqliteDataReader row, int column) => ListKey.Of((ApiEndpoint)row.GetInt32(column), row.GetString(column + 1));

    /// <summary>What a plan adds, with what it joins as it stands.</summary>
    private static void Apply(SqliteSession session, CollectionRecord collection, PlanningState state, Plan plan) =>
        Write(session, collection.LabId, PlanKeeping.Apply(collection, plan, [.. plan.Touched.Select(id => FindSearch(session, collection.LabId, id)).OfType<SearchRecord>()], state));

    private static void Apply(SqliteSession session, string labId, IReadOnlyList<AskingCollection> together, PlanningState state, Plan plan) =>
        Write(session, labId, PlanKeeping.Apply(together, plan, [.. plan.Touched.Select(id => FindSearch(session, labId, id)).OfType<SearchRecord>()], state));

    private static void Write(SqliteSession session, string labId, ClauseDay known) =>
        session.Execute(
            """
            INSERT INTO coverage (lab_id, clause_id, day, state, reason, detail, log_id, retry_at, search_id, videos, read_at, partial)
            VALUES (@lab, @clause, @day, @state, @reason, @detail, @log, @retry, @search, @videos, @read, @partial)
            ON CONFLICT DO UPDATE SET state = @state, reason = @reason, detail = @detail, log_id = @log, retry_at = @retry, search_id = @search,
                videos = @videos, read_at = @read, partial = @partial
            """,
            ("@lab", labId),
            ("@clause", known.ClauseId),
            ("@day", known.Day.Day.DayNumber),
            ("@state", (int)known.Day.State),
            ("@reason", (int)known.Day.Reason),
            ("@detail", known.Day.Detail),
            ("@log", known.Day.LogId),
            ("@retry", known.Day.RetryAt.ToUnixTimeMilliseconds()),
            ("@search", known.SearchId),
            ("@videos", known.Day.Videos),
            ("@read", known.Day.ReadAt?.ToUnixTimeMilliseconds()),
            ("@partial", known.Day.IsPartial));

    private static void Write(SqliteSession session, string labId, ListRead read) =>
        session.Execute(
            """
            INSERT OR REPLACE INTO lists (lab_id, endpoint, subject, result, reason, items, is_cut, log_id, read_at)
            VALUES (@lab, @endpoint, @subject, @result, @reason, @items, @cut, @log, @now)
            """,
            ("@lab", labId),
            ("@endpoint", (int)read.List.Endpoint),
            ("@subject", read.List.Subject),
            ("@result", (int)read.Result),
            ("@reason", read.Reason),
            ("@items", read.Items),
            ("@cut", read.IsCut),
            ("@log", read.LogId),
            ("@now", read.ReadAt.ToUnixTimeMilliseconds()));

    private static string ClauseIds(IEnumerable<Clause> clauses) =>
        JsonSerializer.Serialize(clauses.Select(clause => clause.ClauseId).Distinct(StringComparer.Ordinal));

    private static Dictionary<string, IReadOnlyList<T>> ByClause<T>(IEnumerable<(string ClauseId, T Value)> rows) =>
        rows.GroupBy(row => row.ClauseId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, IReadOnlyList<T> (group) => [.. group.Select(row => row.Value)], StringComparer.Ordinal);
}
