using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Reads selections of records.</summary>
internal sealed class SqliteViews(SqliteFile file)
{
    private const int ChangesPerBatch = 500;
    private const int SortedPerBatch = 500;

    /// <summary>Matches of the selected clauses on their days.</summary>
    private const string Selected = """
        json_each(@clauses) AS wanted CROSS JOIN matches AS m
        ON m.lab_id = @lab AND m.clause_id = json_extract(wanted.value, '$[0]') AND m.day BETWEEN json_extract(wanted.value, '$[1]') AND json_extract(wanted.value, '$[2]')
        """;

    /// <summary>Undetermined passes every filter.</summary>
    private const string Wanted = """
        (@languages IS NULL OR (SELECT r.language IS NULL OR lower(r.language) IN (SELECT value FROM json_each(@languages)) FROM content_records AS r
            WHERE r.lab_id = @lab AND r.platform_id = m.platform_id))
        """;

    private const string IsRecord = "m.type IN ('video', 'comment')";

    private const string CutOff = $"""
        SELECT MIN(m.first_sequence) AS first FROM {Selected} WHERE {Wanted} AND {IsRecord} = @records GROUP BY m.platform_id ORDER BY first LIMIT 1 OFFSET @skip
        """;

    private const string Members = $"""
        WITH members AS (SELECT m.platform_id AS id FROM {Selected} WHERE {Wanted} GROUP BY m.platform_id HAVING MIN(m.first_sequence) <= iif({IsRecord}, @cut, @cutDocuments))
        """;

    private const string CountMembers = $"{Members} SELECT COUNT(*) FROM members";

    private const string CountByClause = $"""
        {Members} SELECT m.clause_id, COUNT(DISTINCT m.platform_id) FROM {Selected}
        WHERE m.attributed = 1 AND m.platform_id IN (SELECT id FROM members) GROUP BY m.clause_id
        """;

    private const string Sorted = $"""
        SELECT r.platform_id FROM (SELECT DISTINCT m.platform_id AS id FROM {Selected} WHERE iif(@type IS NULL, {IsRecord}, m.type = @type)) AS chosen
        CROSS JOIN content_records AS r ON r.lab_id = @lab AND r.platform_id = chosen.id
        ORDER BY r.published_at, substr(r.platform_id, instr(r.platform_id, ':') + 1), r.platform_id
        """;

    private const string LatestChanges = """
        SELECT c.sequence, c.platform_id, r.last_sequence FROM changes AS c CROSS JOIN content_records AS r ON r.lab_id = c.lab_id AND r.platform_id = c.platform_id
        WHERE c.lab_id = @lab AND c.sequence > @after ORDER BY c.sequence LIMIT @limit
        """;

    /// <summary>Left alone, SQLite walks the lab's whole primary key instead of the index.</summary>
    private const string MatchesOfRecord =
        "SELECT clause_id, day, attributed, first_sequence FROM matches INDEXED BY matches_of_record WHERE lab_id = @lab AND platform_id = @id";

    public Task<ChangeBatch> ListChangesAsync(string labId, RecordSelection selection, long after, CancellationToken cancellationToken) =>
        file.ReadAsync(
            session =>
            {
                RecordSelection[] selections = [selection];
                var cuts = CutsOf(session, labId, selections);
                var changes = session.Query(
                    LatestChanges, reader => (Sequence: reader.GetInt64(0), Id: reader.GetString(1), Latest: reader.GetInt64(2)), ("@lab", labId), ("@after", after), ("@limit", ChangesPerBatch));
                ViewedItem[] viewed =
                [
                    .. changes.Where(change => change.Sequence == change.Latest)
                        .Select(change => View(session, labId, change.Id, selections, cuts))
                        .OfType<ViewedItem>(),
                ];
                return new ChangeBatch(viewed, changes.Count > 0 ? changes[^1].Sequence : after, changes.Count == ChangesPerBatch);
            },
            cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<ViewedItem>> ListSortedAsync(string labId, IReadOnlyList<RecordSelection> selections, CancellationToken cancellationToken) =>
        SnapshotStream.Of<IReadOnlyList<ViewedItem>>(
            (emit, stop) => file.ReadAsync(
                session =>
                {
                    var cuts = CutsOf(session, labId, selections);
                    session.First(
                        Sorted, reader => Emit(session, reader, labId, selections, cuts, emit), ("@lab", labId), ("@clauses", ClausesOf(selections)), ("@type", RecordSelection.TypeOf(selections)?.Name()));
                    return true;
                },
                stop),
            cancellationToken);

    public Task<SelectionCount> CountAsync(string labId, RecordSelection selection, CancellationToken cancellationToken) =>
        file.ReadAsync(
            session =>
            {
                var cuts = CutsOf(session, labId, [selection])[0];
                (string, object?)[] parameters =
                    [("@lab", labId), ("@clauses", ClausesOf([selection])), ("@languages", LanguagesOf(selection)), ("@cut", cuts.Records), ("@cutDocuments", cuts.Documents)];
                var byClause = session.Query(CountByClause, reader => (Clause: reader.GetString(0), Count: reader.GetInt64(1)), parameters);
                return new SelectionCount(session.Number(CountMembers, parameters), byClause.ToDictionary(row => row.Clause, row => row.Count, StringComparer.Ordinal));
            },
            cancellationToken);

    private static bool Emit(
        SqliteSession session, SqliteDataReader reader, string labId, IReadOnlyList<RecordSelection> selections, IReadOnlyList<CutOffs> cuts, Action<IReadOnlyList<ViewedItem>> emit)
    {
        List<ViewedItem> batch = new(SortedPerBatch);
        do
        {
            if (View(session, labId, reader.GetString(0), selections, cuts) is { } viewed)
            {
                batch.Add(viewed);
            }

            if (batch.Count == SortedPerBatch)
            {
                emit(batch);
                batch = new(SortedPerBatch);
            }
        }
        while (reader.Read());
        emit(batch);
        return true;
    }

    /// <summary>The record with the selections that hold it; null when none does.</summary>
    private static ViewedItem? View(SqliteSession session, string labId, string key, IReadOnlyList<RecordSelection> selections, IReadOnlyList<CutOffs> cuts)
    {
        var matches = session.Query(
            MatchesOfRecord,
            reader => new MatchRow(reader.GetString(0), reader.GetInt32(1), reader.GetInt64(2) != 0, reader.GetInt64(3)),
            ("@lab", labId), ("@id", key));
        var type = StoredTypes.TypeOf(key);
        var holders = RecordSelection.HoldersOf(type, matches, selections, cuts);
        if (holders.Count == 0)
        {
            return null;
        }

        var (stored, sequence) = session.First(
            "SELECT document, last_sequence FROM content_records WHERE lab_id = @lab AND platform_id = @id",
            reader => (StoredItemJson.Read(type, reader.GetString(0)), reader.GetInt64(1)),
            ("@lab", labId), ("@id", key));
        return ViewedItem.Of(stored, sequence, holders);
    }

    private static CutOffs[] CutsOf(SqliteSession session, string labId, IReadOnlyList<RecordSelection> selections)
    {
        var cuts = new CutOffs[selections.Count];
        for (var i = 0; i < cuts.Length; i++)
        {
            cuts[i] = new(CutOf(session, labId, selections[i], records: true), CutOf(session, labId, selections[i], records: false));
        }

        return cuts;
    }

    private static long CutOf(SqliteSession session, string labId, RecordSelection selection, bool records)
    {
        var cut = selection.MaxResults == 0
            ? 0
            : session.Number(
                CutOff,
                ("@lab", labId), ("@clauses", ClausesOf([selection])), ("@languages", LanguagesOf(selection)), ("@records", records ? 1 : 0), ("@skip", selection.MaxResults - 1));
        return cut == 0 ? long.MaxValue : cut;
    }

    private static string ClausesOf(IReadOnlyList<RecordSelection> selections) =>
        JsonSerializer.Serialize(selections.SelectMany(selection => selection.Clauses).Select(clause => new object[] { clause.Key, clause.Value.From, clause.Value.To }));

    private static string? LanguagesOf(RecordSelection selection) =>
        selection.Languages.Count == 0 ? null : JsonSerializer.Serialize(selection.Languages.Select(language => language.ToLowerInvariant()));
}
