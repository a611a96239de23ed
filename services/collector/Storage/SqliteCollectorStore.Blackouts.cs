using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What is known of blackouts.</summary>
internal sealed partial class SqliteCollectorStore
{
    public Task<bool> TurnAsync(OpenSearch open, Turn turn, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                if (ReadFacts(session, open.Search.LabId, open.Search.SearchId) is not { } facts)
                {
                    return false;
                }

                var (turned, change) = PageKeeping.Turn(
                    facts with
                    {
                        Coverage = ReadCoverage(session, open.Search.LabId, facts.Search.Search.Clauses),
                        Blackouts = ReadBlackouts(session, open.Search.Class),
                    },
                    open,
                    turn);
                Write(session, open.Search.LabId, change);
                return turned;
            },
            cancellationToken);

    public Task<ClassBlackouts> ReadBlackoutsAsync(ClauseClass clauseClass, CancellationToken cancellationToken) =>
        file.ReadAsync(session => ReadBlackouts(session, clauseClass), cancellationToken);

    public Task<IReadOnlyList<CollectionRecord>> ListAwaitingLightAsync(CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<CollectionRecord>>(
            session => [.. session.Query("SELECT document FROM collections INDEXED BY collections_dark WHERE ended = 1 AND json_array_length(document, '$.DarkGaps') > 0 ORDER BY created_at, collection_id", ReadCollection).Where(collection => collection.AwaitsLight)],
            cancellationToken);

    private static ClassBlackouts ReadBlackouts(SqliteSession session, ClauseClass clauseClass) => ClassBlackouts.Of(
        session.Query(
            "SELECT day, light, first_at, last_at, tries, log_ids FROM blackouts WHERE class = @class ORDER BY day",
            row => new KnownDay
            {
                Day = DateOnly.FromDayNumber(row.GetInt32(0)),
                Light = (DayLight)row.GetInt32(1),
                FirstAt = ReadTime(row, 2),
                LastAt = ReadTime(row, 3),
                Tries = row.GetInt32(4),
                LogIds = JsonSerializer.Deserialize<string[]>(row.GetString(5))!,
            },
            ("@class", (int)clauseClass)),
        session.First("SELECT document FROM explorations WHERE class = @class", row => CollectorJson.Read<Exploration>(row.GetString(0)), ("@class", (int)clauseClass)));

    private static void Write(SqliteSession session, BlackoutChange change)
    {
        foreach (var known in change.Days)
        {
            session.Execute(
                """
                INSERT OR REPLACE INTO blackouts (class, day, light, first_at, last_at, tries, log_ids)
                VALUES (@class, @day, @light, @first, @last, @tries, @logs)
                """,
                ("@class", (int)change.Class),
                ("@day", known.Day.DayNumber),
                ("@light", (int)known.Light),
                ("@first", known.FirstAt.ToUnixTimeMilliseconds()),
                ("@last", known.LastAt.ToUnixTimeMilliseconds()),
                ("@tries", known.Tries),
                ("@logs", JsonSerializer.Serialize(known.LogIds)));
        }

        if (change.Exploration is { } exploration)
        {
            session.Execute(
                """
                INSERT OR REPLACE INTO explorations (class, ended, at, tester, anchor, holds_from, document)
                VALUES (@class, @ended, @at, @tester, @anchor, @holds, @document)
                """,
                ("@class", (int)exploration.Class),
                ("@ended", exploration.HasEnded),
                ("@at", exploration.At.ToUnixTimeMilliseconds()),
                ("@tester", exploration.By),
                ("@anchor", exploration.Anchor.DayNumber),
                ("@holds", exploration.HoldsFrom.DayNumber),
                ("@document", CollectorJson.Write(exploration)));
        }
    }
}
