using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What is known of merging, and which searches can still be joined.</summary>
internal sealed partial class SqliteCollectorStore
{
    private static readonly string Start = CollectorJson.Write(Checkpoint.Start);

    public Task<MergeKnowledge> ReadMergingAsync(string labId, ClauseClass clauseClass, CancellationToken cancellationToken) =>
        file.ReadAsync(session => ReadMerging(session, labId, clauseClass), cancellationToken);

    private static MergeKnowledge ReadMerging(SqliteSession session, string labId, ClauseClass clauseClass) =>
        session.First(
            "SELECT document FROM merging WHERE lab_id = @lab AND class = @class",
            row => CollectorJson.Read<MergeKnowledge>(row.GetString(0)),
            ("@lab", labId),
            ("@class", (int)clauseClass)) ?? MergeKnowledge.Nothing;

    private static Dictionary<ClauseClass, MergeKnowledge> ReadMerging(SqliteSession session, string labId, IReadOnlyList<AskedClause> asked) =>
        asked.Select(each => each.Clause.Class).Distinct().ToDictionary(each => each, each => ReadMerging(session, labId, each));

    private static IReadOnlyList<WaitingSearch> ReadWaiting(SqliteSession session, string labId, IReadOnlyList<AskedClause> asked)
    {
        var wanted = WaitingSearches.Wanted(asked);
        return wanted is null
            ? []
            : session.Query(
                """
                SELECT s.search_id, s.merge_key, s.class, s.from_day, s.to_day, s.priority,
                    (SELECT json_group_array(clause_id) FROM search_clauses c WHERE c.lab_id = s.lab_id AND c.search_id = s.search_id)
                FROM searches s INDEXED BY searches_waiting
                WHERE s.lab_id = @lab AND s.merge_key IN (SELECT value FROM json_each(@keys)) AND s.merge_key <> '' AND s.status = 0 AND s.begun = 0 AND s.in_flight = 0
                  AND s.checkpoint = @start AND s.from_day >= @from AND s.to_day <= @to
                  AND NOT EXISTS (
                      SELECT 1 FROM search_collections sc CROSS JOIN collections c INDEXED BY collections_inactive USING (lab_id, collection_id)
                      WHERE sc.lab_id = s.lab_id AND sc.search_id = s.search_id AND c.active = 0)
                """,
                row => new WaitingSearch(row.GetString(0), row.GetString(1), (ClauseClass)row.GetInt32(2), ReadDays(row, 3), (Priority)row.GetInt32(5), JsonSerializer.Deserialize<string[]>(row.GetString(6))!),
                ("@lab", labId),
                ("@keys", JsonSerializer.Serialize(wanted.Keys)),
                ("@start", Start),
                ("@from", wanted.Days.From.DayNumber),
                ("@to", wanted.Days.To.DayNumber));
    }

    private static void Write(SqliteSession session, string labId, MergeLearnt learnt) =>
        session.Execute(
            "INSERT OR REPLACE INTO merging (lab_id, class, document) VALUES (@lab, @class, @document)",
            ("@lab", labId),
            ("@class", (int)learnt.Class),
            ("@document", CollectorJson.Write(learnt.Knowledge)));
}
