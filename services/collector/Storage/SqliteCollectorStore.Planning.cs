using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Coverage, and what a plan makes of it.</summary>
internal sealed partial class SqliteCollectorStore
{
    private const int Open = 0;
    private const int Drained = 1;
    private const int Closed = 2;

    public Task<PlanningState> ReadPlanningStateAsync(string labId, IReadOnlyList<AskedClause> asked, IReadOnlyList<string> profiles, CancellationToken cancellationToken) =>
        file.ReadAsync(session => ReadState(session, labId, asked, profiles), cancellationToken);

    private static PlanningState ReadState(SqliteSession session, string labId, IReadOnlyList<AskedClause> asked, IReadOnlyList<string> profiles) => new()
    {
        Coverage = ReadCoverage(session, labId, asked),
        OpenSearches = ByClause(session.Query(
            """
            SELECT clause_id, search_id, from_day, to_day FROM search_clauses
            WHERE lab_id = @lab AND clause_id IN (SELECT value FROM json_each(@clauses)) ORDER BY search_id
            """,
            row => (row.GetString(0), new OpenSearchDays(row.GetString(1), ReadDays(row, 2))),
            ("@lab", labId),
            ("@clauses", ClauseIds(asked)))),
        Profiles = ReadProfiles(session, labId, profiles),
    };

    private static Dictionary<string, IReadOnlyList<CoveredDay>> ReadCoverage(SqliteSession session, string labId, IReadOnlyList<AskedClause> asked)
    {
        if (asked.Count == 0)
        {
            return [];
        }

        return ByClause(session.Query(
            """
            SELECT clause_id, day, state, reason, detail, log_id, retry_at FROM coverage
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
            }),
            ("@lab", labId),
            ("@clauses", ClauseIds(asked)),
            ("@from", asked.Min(clause => clause.Days.From).DayNumber),
            ("@to", asked.Max(clause => clause.Days.To).DayNumber)));
    }

    private static Dictionary<string, ProfileFact> ReadProfiles(SqliteSession session, string labId, IReadOnlyList<string> profiles)
    {
        var facts = new Dictionary<string, ProfileFact>(StringComparer.Ordinal);
        foreach (var name in profiles.Select(profile => profile.ToLowerInvariant()).Distinct(StringComparer.Ordinal))
        {
            var open = session.First(
                "SELECT search_id FROM searches WHERE lab_id = @lab AND kind = @kind AND status < @closed AND username = @name",
                row => row.GetString(0),
                ("@lab", labId),
                ("@kind", (int)SearchKind.Profile),
                ("@closed", Closed),
                ("@name", name)) ?? "";
            var read = session.First(
                "SELECT outcome, read_at FROM profiles WHERE lab_id = @lab AND username = @name",
                row => (Outcome: row.GetString(0), At: ReadTime(row, 1)),
                ("@lab", labId),
                ("@name", name));
            if (open.Length > 0 || read.Outcome is not null)
            {
                facts.Add(name, new(open, read.Outcome ?? "", read.At));
            }
        }

        return facts;
    }

    private static void Apply(SqliteSession session, CollectionRecord collection, Plan plan)
    {
        foreach (var (search, ordinal) in plan.Searches.Select((search, ordinal) => (search, ordinal)))
        {
            Insert(session, search, ordinal);
            Link(session, collection, search.SearchId);
        }

        foreach (var searchId in plan.Joined)
        {
            Link(session, collection, searchId);
            session.Execute(
                "UPDATE searches SET priority = min(priority, @priority) WHERE lab_id = @lab AND search_id = @search",
                ("@priority", (int)collection.Priority),
                ("@lab", collection.LabId),
                ("@search", searchId));
        }

        foreach (var (clauseId, missing) in plan.Unripe)
        {
            WriteGap(session, collection.LabId, clauseId, missing, logId: "", searchId: "");
        }
    }

    private static void Link(SqliteSession session, CollectionRecord collection, string searchId) =>
        session.Execute(
            "INSERT OR IGNORE INTO search_collections (lab_id, search_id, collection_id) VALUES (@lab, @search, @collection)",
            ("@lab", collection.LabId),
            ("@search", searchId),
            ("@collection", collection.CollectionId));

    private static void WriteGap(SqliteSession session, string labId, string clauseId, MissingDays missing, string logId, string searchId)
    {
        foreach (var day in missing.Days.Each())
        {
            session.Execute(
                """
                INSERT INTO coverage (lab_id, clause_id, day, state, reason, detail, log_id, retry_at, search_id)
                VALUES (@lab, @clause, @day, @gap, @reason, @detail, @log, @retry, @search)
                ON CONFLICT DO UPDATE SET reason = @reason, detail = @detail, log_id = @log, retry_at = @retry, search_id = @search WHERE state = @gap
                """,
                ("@lab", labId),
                ("@clause", clauseId),
                ("@day", day.DayNumber),
                ("@gap", (int)CoverageState.Gap),
                ("@reason", (int)missing.Reason),
                ("@detail", missing.Detail),
                ("@log", logId),
                ("@retry", (missing.RetryAt ?? DateTimeOffset.UnixEpoch).ToUnixTimeMilliseconds()),
                ("@search", searchId));
        }
    }

    private static void WriteComplete(SqliteSession session, string labId, string clauseId, Days days, string searchId)
    {
        foreach (var day in days.Each())
        {
            session.Execute(
                """
                INSERT INTO coverage (lab_id, clause_id, day, state, reason, detail, log_id, retry_at, search_id)
                VALUES (@lab, @clause, @day, @complete, 0, '', '', 0, @search)
                ON CONFLICT DO UPDATE SET state = @complete, reason = 0, detail = '', log_id = '', retry_at = 0, search_id = @search
                """,
                ("@lab", labId),
                ("@clause", clauseId),
                ("@day", day.DayNumber),
                ("@complete", (int)CoverageState.Complete),
                ("@search", searchId));
        }
    }

    private static string ClauseIds(IReadOnlyList<AskedClause> asked) =>
        JsonSerializer.Serialize(asked.Select(clause => clause.Clause.ClauseId).Distinct(StringComparer.Ordinal));

    private static Dictionary<string, IReadOnlyList<T>> ByClause<T>(IEnumerable<(string ClauseId, T Value)> rows) =>
        rows.GroupBy(row => row.ClauseId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, IReadOnlyList<T> (group) => [.. group.Select(row => row.Value)], StringComparer.Ordinal);
}
