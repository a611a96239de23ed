using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Writes what was decided.</summary>
internal sealed partial class SqliteCollectorStore
{
    private static void Write(SqliteSession session, string labId, LabChange change)
    {
        foreach (var collection in change.Collections)
        {
            Update(session, collection);
        }

        foreach (var search in change.NewSearches)
        {
            Insert(session, search);
        }

        foreach (var search in change.Searches)
        {
            Update(session, search);
        }

        foreach (var known in change.Coverage)
        {
            Write(session, labId, known);
        }

        if (change.List is { } list)
        {
            Write(session, labId, list);
        }

        if (change.Blackouts is { } blackouts)
        {
            Write(session, blackouts);
        }

        if (change.Merging is { } merging)
        {
            Write(session, labId, merging);
        }

        if (change.Page is { } page)
        {
            Insert(session, page);
        }
    }

    private static void Insert(SqliteSession session, SearchRecord record)
    {
        var search = record.Search;
        var added = session.Execute(
            """
            INSERT OR IGNORE INTO searches (lab_id, search_id, kind, priority, created_at, ordinal, status, not_before, begun, in_flight,
                payer, refresh_id, endpoint, subject, bucket, class, from_day, to_day, merge_key, answered, announced, document, checkpoint)
            VALUES (@lab, @search, @kind, @priority, @created, @ordinal, 0, @before, 0, 0, '', @refresh, @endpoint, @subject, @bucket, @class, @from, @to, @merge, 1, 0, @document, @checkpoint)
            """,
            ("@lab", search.LabId),
            ("@search", search.SearchId),
            ("@kind", (int)search.Kind),
            ("@priority", (int)search.Priority),
            ("@created", search.CreatedAt.ToUnixTimeMilliseconds()),
            ("@ordinal", record.Ordinal),
            ("@before", record.Checkpoint.NotBefore.ToUnixTimeMilliseconds()),
            ("@refresh", search.RefreshId),
            ("@endpoint", (int)(search.Kind is SearchKind.List ? search.List.Endpoint : ApiEndpoint.Unspecified)),
            ("@subject", search.Kind is SearchKind.List ? search.List.Subject : ""),
            ("@bucket", (int)search.Bucket),
            ("@class", (int)search.Class),
            ("@from", search.Window.From.DayNumber),
            ("@to", search.Window.To.DayNumber),
            ("@merge", MergeKeys.Of(search)),
            ("@document", CollectorJson.Write(search)),
            ("@checkpoint", CollectorJson.Write(record.Checkpoint)));
        if (added == 0)
        {
            return;
        }

        foreach (var each in search.Dated)
        {
            session.Execute(
                "INSERT INTO search_clauses (lab_id, clause_id, search_id, from_day, to_day) VALUES (@lab, @clause, @search, @from, @to)",
                ("@lab", search.LabId),
                ("@clause", each.Clause.ClauseId),
                ("@search", search.SearchId),
                ("@from", each.Days.From.DayNumber),
                ("@to", each.Days.To.DayNumber));
        }

        Link(session, record);
    }

    private static void Update(SqliteSession session, SearchRecord record)
    {
        session.Execute(
            """
            UPDATE searches SET priority = @priority, status = @status, checkpoint = @checkpoint, not_before = @before, begun = @begun, in_flight = @flight,
                holder = @holder, holder_epoch = @epoch, payer = @payer, answered = @answered, announced = @announced, covered_from = @from, covered_to = @to, brought = @brought
            WHERE lab_id = @lab AND search_id = @search
            """,
            ("@priority", (int)record.Search.Priority),
            ("@status", (int)record.Status),
            ("@checkpoint", CollectorJson.Write(record.Checkpoint)),
            ("@before", record.Checkpoint.NotBefore.ToUnixTimeMilliseconds()),
            ("@begun", record.Checkpoint.IsFirstPage ? 0 : 1),
            ("@flight", record.Checkpoint.IsAwaited ? 1 : 0),
            ("@holder", record.Holder?.Instance ?? ""),
            ("@epoch", record.Holder?.Epoch ?? 0),
            ("@payer", record.Payer),
            ("@answered", record.Answered),
            ("@announced", record.Announced),
            ("@from", record.Covered?.From.DayNumber),
            ("@to", record.Covered?.To.DayNumber),
            ("@brought", record.Brought is { } brought ? CollectorJson.Write(brought) : ""),
            ("@lab", record.Search.LabId),
            ("@search", record.Search.SearchId));
        if (record.Status is SearchStatus.Closed)
        {
            session.Execute("DELETE FROM search_clauses INDEXED BY search_clauses_search WHERE lab_id = @lab AND search_id = @search", ("@lab", record.Search.LabId), ("@search", record.Search.SearchId));
        }

        // One that another took the place of before its first request serves nobody any more.
        if (record is { Status: SearchStatus.Closed, Payer.Length: 0 })
        {
            session.Execute("DELETE FROM search_collections WHERE lab_id = @lab AND search_id = @search", ("@lab", record.Search.LabId), ("@search", record.Search.SearchId));
        }
        else
        {
            Link(session, record);
        }
    }

    private static void Link(SqliteSession session, SearchRecord record)
    {
        foreach (var collectionId in record.Collections)
        {
            session.Execute(
                "INSERT OR IGNORE INTO search_collections (lab_id, search_id, collection_id) VALUES (@lab, @search, @collection)",
                ("@lab", record.Search.LabId),
                ("@search", record.Search.SearchId),
                ("@collection", collectionId));
        }
    }
}
