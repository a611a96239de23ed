using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Coverage, and what a plan makes of it.</summary>
internal sealed partial class SqliteCollectorStore
{
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
            ("@clauses", ClauseIds(asked.Select(each => each.Clause))))),
        Profiles = ReadProfiles(session, labId, profiles),
    };

    private static Dictionary<string, IReadOnlyList<CoveredDay>> ReadCoverage(SqliteSession session, string labId, IReadOnlyList<AskedClause> asked) =>
        ReadCoverage(session, labId, [.. asked.Select(each => new SearchClause(each.Clause, each.Days))]);

    private static Dictionary<string, IReadOnlyList<CoveredDay>> ReadCoverage(SqliteSession session, string labId, IReadOnlyList<SearchClause> clauses)
    {
        if (clauses.Count == 0)
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
            ("@clauses", ClauseIds(clauses.Select(each => each.Clause))),
            ("@from", clauses.Min(clause => clause.Days.From).DayNumber),
            ("@to", clauses.Max(clause => clause.Days.To).DayNumber)));
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
                ("@closed", (int)SearchStatus.Closed),
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

    /// <summary>What a plan adds, with what it joins as it stands.</summary>
    private static void Apply(SqliteSession session, CollectionRecord collection, PlanningState state, Plan plan) =>
        Write(session, collection.LabId, PlanKeeping.Apply(collection, plan, [.. plan.Joined.Select(id => FindSearch(session, collection.LabId, id)).OfType<SearchRecord>()], state));

    private static void Write(SqliteSession session, string labId, ClauseDay known) =>
        session.Execute(
            """
            INSERT INTO coverage (lab_id, clause_id, day, state, reason, detail, log_id, retry_at, search_id)
            VALUES (@lab, @clause, @day, @state, @reason, @detail, @log, @retry, @search)
            ON CONFLICT DO UPDATE SET state = @state, reason = @reason, detail = @detail, log_id = @log, retry_at = @retry, search_id = @search
            """,
            ("@lab", labId),
            ("@clause", known.ClauseId),
            ("@day", known.Day.Day.DayNumber),
            ("@state", (int)known.Day.State),
            ("@reason", (int)known.Day.Reason),
            ("@detail", known.Day.Detail),
            ("@log", known.Day.LogId),
            ("@retry", known.Day.RetryAt.ToUnixTimeMilliseconds()),
            ("@search", known.SearchId));

    private static void Write(SqliteSession session, string labId, ProfileRead profile) =>
        session.Execute(
            "INSERT INTO profiles (lab_id, username, outcome, read_at) VALUES (@lab, @name, @outcome, @now) ON CONFLICT DO UPDATE SET outcome = @outcome, read_at = @now",
            ("@lab", labId),
            ("@name", profile.Username),
            ("@outcome", profile.Outcome),
            ("@now", profile.ReadAt.ToUnixTimeMilliseconds()));

    private static string ClauseIds(IEnumerable<Clause> clauses) =>
        JsonSerializer.Serialize(clauses.Select(clause => clause.ClauseId).Distinct(StringComparer.Ordinal));

    private static Dictionary<string, IReadOnlyList<T>> ByClause<T>(IEnumerable<(string ClauseId, T Value)> rows) =>
        rows.GroupBy(row => row.ClauseId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, IReadOnlyList<T> (group) => [.. group.Select(row => row.Value)], StringComparer.Ordinal);
}
