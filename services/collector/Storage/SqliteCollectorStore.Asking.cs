using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What collections ask for.</summary>
internal sealed partial class SqliteCollectorStore
{
    private readonly AskedCache askings = new();

    private static void InsertAsked(SqliteSession session, CollectionRecord collection, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists)
    {
        for (var i = 0; i < asked.Count; i++)
        {
            session.Execute(
                """
                INSERT INTO collection_clauses (lab_id, collection_id, ordinal, clause_id, clause, term, input, from_day, to_day)
                VALUES (@lab, @collection, @ordinal, @id, @clause, @term, @input, @from, @to)
                """,
                ("@lab", collection.LabId),
                ("@collection", collection.CollectionId),
                ("@ordinal", i),
                ("@id", asked[i].Clause.ClauseId),
                ("@clause", CollectorJson.Write(asked[i].Clause)),
                ("@term", asked[i].Term),
                ("@input", asked[i].Input),
                ("@from", asked[i].Days.From.DayNumber),
                ("@to", asked[i].Days.To.DayNumber));
        }

        foreach (var list in lists)
        {
            session.Execute(
                "INSERT OR IGNORE INTO collection_lists (lab_id, collection_id, endpoint, subject) VALUES (@lab, @collection, @endpoint, @subject)",
                ("@lab", collection.LabId),
                ("@collection", collection.CollectionId),
                ("@endpoint", (int)list.Endpoint),
                ("@subject", list.Subject));
        }
    }

    /// <summary>What a collection asks for now.</summary>
    private Asking AskedNow(SqliteSession session, CollectionRecord collection)
    {
        var asking = ReadAsking(session, collection.LabId, collection.CollectionId);
        return asking with { Asked = StandingDays.AskedNow(collection, asking.Asked) };
    }

    private Asking ReadAsking(SqliteSession session, string labId, string collectionId) =>
        askings.Find(labId, collectionId) ?? askings.Keep(labId, collectionId, new(ReadAsked(session, labId, collectionId), ReadListKeys(session, labId, collectionId)));

    private static List<AskedClause> ReadAsked(SqliteSession session, string labId, string collectionId) =>
        session.Query(
            "SELECT clause, term, input, from_day, to_day FROM collection_clauses WHERE lab_id = @lab AND collection_id = @collection ORDER BY ordinal",
            row => new AskedClause
            {
                Clause = CollectorJson.Read<Clause>(row.GetString(0)),
                Term = row.GetString(1),
                Input = row.GetString(2),
                Days = ReadDays(row, 3),
            },
            ("@lab", labId),
            ("@collection", collectionId));

    private static List<ListKey> ReadListKeys(SqliteSession session, string labId, string collectionId) =>
        session.Query(
            "SELECT endpoint, subject FROM collection_lists WHERE lab_id = @lab AND collection_id = @collection ORDER BY endpoint, subject",
            row => ReadKey(row, 0),
            ("@lab", labId),
            ("@collection", collectionId));
}
