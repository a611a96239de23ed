using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Data.Sqlite;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The store in one SQLite file. This part: collections; what else it keeps is in files of their own.</summary>
internal sealed partial class SqliteCollectorStore(SqliteFile file, CollectorOptions options) : ICollectorStore, IDisposable
{
    public Task<Submitted> SubmitAsync(CollectionRecord collection, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, Func<PlanningState, Plan> plan, CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                if (FindByRequest(session, collection) is { } known)
                {
                    return new Submitted(known, Existed: true);
                }

                var state = ReadState(session, collection.LabId, StandingDays.AskedNow(collection, asked), lists);
                var planned = plan(state);
                var kept = collection with { Estimate = planned.Estimate };
                session.Execute(
                    """
                    INSERT INTO collections (lab_id, collection_id, request_id, created_at, active, ended, max_results, caller, document, due_at)
                    VALUES (@lab, @collection, @request, @created, 1, 0, @most, @caller, @document, @due)
                    """,
                    ("@lab", collection.LabId),
                    ("@collection", collection.CollectionId),
                    ("@request", collection.RequestId),
                    ("@created", collection.CreatedAt.ToUnixTimeMilliseconds()),
                    ("@most", collection.MaxResults),
                    ("@caller", collection.Caller),
                    ("@document", CollectorJson.Write(kept)),
                    ("@due", collection.DueAt?.ToUnixTimeMilliseconds()));
                InsertAsked(session, kept, asked, lists);
                Apply(session, kept, state, planned);
                return new Submitted(kept, Existed: false);
            },
            cancellationToken);

    public Task<CollectionRecord?> ContinueAsync(
        string labId,
        string collectionId,
        Func<CollectionRecord, CollectionRecord?> change,
        Func<CollectionRecord, IReadOnlyList<AskedClause>, IReadOnlyList<ListKey>, PlanningState, Plan> plan,
        CancellationToken cancellationToken) =>
        file.WriteAsync(
            session =>
            {
                var collection = Change(session, labId, collectionId, before => change(before) ?? (before.IsActive ? before : null));
                if (collection is { IsActive: true })
                {
                    var (asked, lists) = AskedNow(session, collection);
                    var state = ReadState(session, labId, asked, lists);
                    Apply(session, collection, state, plan(collection, asked, lists, state));
                }

                return collection;
            },
            cancellationToken);

    public Task<IReadOnlyList<CollectionRecord>> PlanTogetherAsync(
        string labId,
        IReadOnlyList<string> collectionIds,
        Func<CollectionRecord, CollectionRecord?> change,
        Func<IReadOnlyList<AskingCollection>, PlanningState, Plan> plan,
        CancellationToken cancellationToken) =>
        file.WriteAsync<IReadOnlyList<CollectionRecord>>(
            session =>
            {
                List<AskingCollection> together = [];
                foreach (var collectionId in collectionIds)
                {
                    var changed = false;
                    var after = Change(session, labId, collectionId, before => change(before) is { } next ? Told(next) : null);
                    if (changed && after is { IsActive: true })
                    {
                        together.Add(new(after, AskedNow(session, after).Asked));
                    }

                    CollectionRecord Told(CollectionRecord next)
                    {
                        changed = true;
                        return next;
                    }
                }

                if (together.Count > 0)
                {
                    var state = ReadState(session, labId, [.. together.SelectMany(each => each.Asked)], []);
                    Apply(session, labId, together, state, plan(together, state));
                }

                return [.. together.Select(each => each.Collection)];
            },
            cancellationToken);

    public Task<IReadOnlyList<CollectionRecord>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<CollectionRecord>>(
            session => session.Query("SELECT document FROM collections WHERE due_at <= @now ORDER BY created_at, collection_id", ReadCollection, ("@now", now.ToUnixTimeMilliseconds())),
            cancellationToken);

    public Task<CollectionRecord?> FindAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        file.ReadAsync(session => Find(session, labId, collectionId), cancellationToken);

    public Task<IReadOnlyList<CollectionRecord>> ListAsync(string labId, string afterCollectionId, int limit, CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<CollectionRecord>>(
            session => session.Query(
                $"""
                SELECT document FROM collections INDEXED BY collections_newest
                WHERE lab_id = @lab AND {(afterCollectionId.Length == 0 ? "@after = ''" : "(created_at, collection_id) < (SELECT created_at, collection_id FROM collections WHERE lab_id = @lab AND collection_id = @after)")}
                ORDER BY created_at DESC, collection_id DESC LIMIT @limit
                """,
                ReadCollection,
                ("@lab", labId),
                ("@after", afterCollectionId),
                ("@limit", limit)),
            cancellationToken);

    public Task<CollectionRecord?> ChangeAsync(string labId, string collectionId, Func<CollectionRecord, CollectionRecord?> change, CancellationToken cancellationToken) =>
        file.WriteAsync(session => Change(session, labId, collectionId, change), cancellationToken);

    public Task<CollectionFacts?> ReadFactsAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        file.ReadAsync(
            session =>
            {
                if (Find(session, labId, collectionId) is not { } collection)
                {
                    return null;
                }

                var asked = AskedNow(session, collection).Asked;
                return new CollectionFacts
                {
                    Collection = collection,
                    Asked = asked,
                    Coverage = ReadCoverage(session, labId, asked),
                    OpenDays = ByClause(session.Query(
                        """
                        SELECT clause_id, from_day, to_day FROM search_collections CROSS JOIN search_clauses INDEXED BY search_clauses_search USING (lab_id, search_id)
                        WHERE lab_id = @lab AND collection_id = @collection ORDER BY from_day
                        """,
                        row => (row.GetString(0), ReadDays(row, 1)),
                        ("@lab", labId),
                        ("@collection", collectionId))),
                    Unsettled = (int)session.Number(
                        """
                        SELECT count(*) FROM search_collections sc JOIN searches s USING (lab_id, search_id)
                        WHERE lab_id = @lab AND collection_id = @collection AND (s.status = 1 OR s.status = 0 AND (
                            s.in_flight = 1 AND s.payer = @collection
                            OR EXISTS (SELECT 1 FROM raw_pages p WHERE p.lab_id = s.lab_id AND p.search_id = s.search_id AND p.normalized = 0 AND p.payer = @collection)))
                        """,
                        ("@lab", labId),
                        ("@collection", collectionId)),
                    OpenSearches = (int)session.Number(
                        """
                        SELECT count(*) FROM search_collections JOIN searches USING (lab_id, search_id)
                        WHERE lab_id = @lab AND collection_id = @collection AND status < 2
                        """,
                        ("@lab", labId),
                        ("@collection", collectionId)),
                    Lists = ReadLists(session, labId, collectionId),
                };
            },
            cancellationToken);

    public Task<IReadOnlyList<CollectionRecord>> ListUnfinishedAsync(CancellationToken cancellationToken) =>
        file.ReadAsync<IReadOnlyList<CollectionRecord>>(
            session => session.Query("SELECT document FROM collections WHERE ended = 0", row => CollectorJson.Read<CollectionRecord>(row.GetString(0))),
            cancellationToken);

    public void Dispose() => file.Dispose();

    private static CollectionRecord? Find(SqliteSession session, string labId, string collectionId) =>
        session.First("SELECT document FROM collections WHERE lab_id = @lab AND collection_id = @collection", ReadCollection, ("@lab", labId), ("@collection", collectionId));

    private CollectionRecord? FindByRequest(SqliteSession session, CollectionRecord asked)
    {
        var known = session.First("SELECT document FROM collections WHERE lab_id = @lab AND request_id = @request", ReadCollection, ("@lab", asked.LabId), ("@request", asked.RequestId));
        if (known is null || known.AnswersTo(asked, options))
        {
            return known;
        }

        session.Execute(
            "UPDATE collections SET request_id = 'past ' || collection_id WHERE lab_id = @lab AND collection_id = @collection",
            ("@lab", known.LabId),
            ("@collection", known.CollectionId));
        return null;
    }

    private static CollectionRecord? Change(SqliteSession session, string labId, string collectionId, Func<CollectionRecord, CollectionRecord?> change)
    {
        var before = Find(session, labId, collectionId);
        if (before is null || change(before) is not { } changed)
        {
            return before;
        }

        var after = before.Changed(changed);
        Update(session, after);
        return after;
    }

    private static void Update(SqliteSession session, CollectionRecord collection) =>
        session.Execute(
            "UPDATE collections SET active = @active, ended = @ended, max_results = @most, due_at = @due, rests_until = @rests, document = @document WHERE lab_id = @lab AND collection_id = @collection",
            ("@active", collection.IsActive ? 1 : 0),
            ("@ended", collection.HasEnded ? 1 : 0),
            ("@most", collection.MaxResults),
            ("@due", collection.DueAt?.ToUnixTimeMilliseconds()),
            ("@rests", collection.RestsUntil?.ToUnixTimeMilliseconds() ?? 0),
            ("@document", CollectorJson.Write(collection)),
            ("@lab", collection.LabId),
            ("@collection", collection.CollectionId));

    private static CollectionRecord ReadCollection(SqliteDataReader row) => CollectorJson.Read<CollectionRecord>(row.GetString(0));

    private static Days ReadDays(SqliteDataReader row, int column) =>
        new(DateOnly.FromDayNumber(row.GetInt32(column)), DateOnly.FromDayNumber(row.GetInt32(column + 1)));

    private static DateTimeOffset ReadTime(SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));
}
