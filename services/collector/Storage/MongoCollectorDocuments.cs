using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using MongoDB.Bson.IO;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// How the collector's records lie in documents: the record itself as it is written everywhere (<see cref="CollectorJson"/>), and beside it the fields
/// that queries look for, each only as long as a query may want the document.
/// </summary>
internal static class MongoCollectorDocuments
{
    private static readonly JsonWriterSettings Relaxed = new() { OutputMode = JsonOutputMode.RelaxedExtendedJson };

    public static BsonDocument Of(CollectionRecord collection)
    {
        var document = new BsonDocument
        {
            ["_id"] = MongoKey.Of(collection.LabId, collection.CollectionId),
            ["lab"] = collection.LabId,
            ["created"] = collection.CreatedAt.UtcDateTime,
            ["record"] = Write(collection),
        };
        Add(document, "awaiting_light", collection.LabId, collection.AwaitsLight);
        Add(document, "standing", collection.LabId, collection.DueAt is not null);
        Add(document, "due", (collection.DueAt ?? default).UtcDateTime, collection.DueAt is not null);
        return collection.HasEnded ? document : document.Add("unfinished", collection.LabId);
    }

    public static CollectionRecord ReadCollection(BsonDocument document) => Read<CollectionRecord>(document["record"]);

    public static BsonDocument Of(CollectionRecord collection, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists) => new()
    {
        ["_id"] = MongoKey.Of(collection.LabId, collection.CollectionId),
        ["clauses"] = new BsonArray(asked.Select(Write)),
        ["lists"] = new BsonArray(lists.Distinct().Select(list => new BsonDocument { ["endpoint"] = (int)list.Endpoint, ["subject"] = list.Subject })),
    };

    /// <summary>Before there were lists, the names of profiles were kept.</summary>
    public static Asking ReadAsking(BsonDocument document) => new(
        [.. document["clauses"].AsBsonArray.Select(Read<AskedClause>)],
        document.TryGetValue("lists", out var lists)
            ? [.. lists.AsBsonArray.Select(list => ListKey.Of((ApiEndpoint)list["endpoint"].AsInt32, list["subject"].AsString))]
            : [.. document["profiles"].AsBsonArray.Select(name => ListKey.Profile(name.AsString))]);

    public static BsonDocument Of(SearchRecord record)
    {
        var (search, labId) = (record.Search, record.Search.LabId);
        var document = new BsonDocument
        {
            ["_id"] = MongoKey.Of(labId, search.SearchId),
            ["status"] = (int)record.Status,
            ["bucket"] = (int)search.Bucket,
            ["class"] = (int)search.Class,
            ["from"] = search.Window.From.DayNumber,
            ["to"] = search.Window.To.DayNumber,
            ["priority"] = (int)search.Priority,
            ["begun"] = !record.Checkpoint.IsFirstPage,
            ["created"] = search.CreatedAt.UtcDateTime,
            ["ordinal"] = record.Ordinal,
            ["not_before"] = record.Checkpoint.NotBefore.UtcDateTime,
            ["record"] = Write(record),
        };
        var keys = new BsonArray(record.Collections.Select(id => MongoKey.Of(labId, id)));
        var isClosed = record.Status is SearchStatus.Closed;
        Add(document, "serves", keys, !isClosed && keys.Count > 0);
        Add(document, "clauses", new BsonArray(search.Dated.Select(each => each.Clause.ClauseId).Distinct(StringComparer.Ordinal).Select(id => MongoKey.Of(labId, id))), !isClosed && search.Dated.Count > 0);
        Add(document, "list", search.Kind is SearchKind.List ? ListKeyOf(labId, search.List) : "", !isClosed && search.Kind is SearchKind.List);
        var isWaiting = record.Status is SearchStatus.Open && record.Checkpoint == Checkpoint.Start;
        Add(document, "merge", isWaiting ? MongoKey.Of(labId, MergeKeys.Of(search)) : "", isWaiting && MergeKeys.Of(search).Length > 0);
        Add(document, "in_flight", labId, record.Checkpoint.IsAwaited);
        Add(document, "unanswered", keys, record.Unanswered.Count > 0 && keys.Count > 0);
        Add(document, "unannounced", labId, search.RefreshId.Length > 0 && !record.Announced);
        Add(document, "refresh", MongoKey.Of(labId, search.RefreshId), search.RefreshId.Length > 0);
        return document;
    }

    public static SearchRecord ReadSearch(BsonDocument document) => Read<SearchRecord>(document["record"]);

    public static BsonDocument Of(KeptPage kept, long sequence, int bodyParts)
    {
        var page = kept.Page;
        var document = new BsonDocument
        {
            ["_id"] = MongoKey.Of(page.LabId, page.PageId),
            ["lab"] = page.LabId,
            ["search"] = MongoKey.Of(page.LabId, page.SearchId),
            ["sequence"] = sequence,
            ["page"] = Write(page with { Body = default, RequestBody = default, Sequence = sequence }),
            ["request"] = new BsonBinaryData(page.RequestBody.ToArray()),
            ["body_parts"] = bodyParts,
            ["video_ids"] = new BsonArray(kept.VideoIds),
            ["payer"] = kept.Payer,
        };
        Add(document, "unanswered", sequence, !page.Normalized);
        Add(document, "incident", (int)kept.Incident, kept.Incident is not IncidentKind.Unspecified);
        Add(document, "incident_at", page.FetchedAt.UtcDateTime, kept.Incident is not IncidentKind.Unspecified);
        return document;
    }

    public static RawPage ReadPage(BsonDocument document) => Read<RawPage>(document["page"]) with { Normalized = !document.Contains("unanswered") };

    public static BsonDocument Of(string labId, SupportNoteRecord note, int number) => new()
    {
        ["_id"] = MongoKey.Of(labId, note.NoteId),
        ["lab"] = labId,
        ["number"] = number,
        ["record"] = Write(note),
    };

    public static SupportNoteRecord ReadNote(BsonDocument document) => Read<SupportNoteRecord>(document["record"]);

    public static string MonthKey(string labId, string clauseId, DateOnly day) => MongoKey.Of(labId, clauseId, Days.Text(day)[..7]);

    /// <summary>A month with these days as they are now.</summary>
    public static BsonDocument With(BsonDocument month, IEnumerable<ClauseDay> known)
    {
        var days = month["days"].AsBsonDocument;
        foreach (var each in known)
        {
            var day = new BsonDocument { ["state"] = (int)each.Day.State, ["search"] = each.SearchId };
            Add(day, "reason", (int)each.Day.Reason, each.Day.Reason is not GapReason.Unspecified);
            Add(day, "detail", each.Day.Detail, each.Day.Detail.Length > 0);
            Add(day, "log_id", each.Day.LogId, each.Day.LogId.Length > 0);
            Add(day, "retry_at", each.Day.RetryAt.UtcDateTime, each.Day.RetryAt != DateTimeOffset.UnixEpoch);
            Add(day, "videos", each.Day.Videos ?? 0, each.Day.Videos is not null);
            Add(day, "read_at", (each.Day.ReadAt ?? default).UtcDateTime, each.Day.ReadAt is not null);
            Add(day, "partial", value: true, each.Day.IsPartial);
            days[Days.Text(each.Day.Day)] = day;
        }

        return month;
    }

    /// <summary>The days of a month that are known, in order.</summary>
    public static IEnumerable<CoveredDay> DaysOf(BsonDocument month) =>
        from day in month["days"].AsBsonDocument.OrderBy(day => day.Name, StringComparer.Ordinal)
        let fact = day.Value.AsBsonDocument
        select new CoveredDay
        {
            Day = Days.Day(day.Name),
            State = (CoverageState)fact["state"].AsInt32,
            Reason = (GapReason)fact.GetValue("reason", (int)GapReason.Unspecified).AsInt32,
            Detail = fact.GetValue("detail", "").AsString,
            LogId = fact.GetValue("log_id", "").AsString,
            RetryAt = fact.TryGetValue("retry_at", out var retryAt) ? new(retryAt.ToUniversalTime(), TimeSpan.Zero) : DateTimeOffset.UnixEpoch,
            Videos = fact.TryGetValue("videos", out var videos) ? videos.AsInt32 : null,
            ReadAt = fact.TryGetValue("read_at", out var readAt) ? new(readAt.ToUniversalTime(), TimeSpan.Zero) : null,
            IsPartial = fact.Contains("partial"),
        };

    public static BsonDocument Of(string labId, ListRead read) => new()
    {
        ["_id"] = ListKeyOf(labId, read.List),
        ["endpoint"] = (int)read.List.Endpoint,
        ["subject"] = read.List.Subject,
        ["result"] = (int)read.Result,
        ["reason"] = read.Reason,
        ["items"] = read.Items,
        ["is_cut"] = read.IsCut,
        ["log_id"] = read.LogId,
        ["read_at"] = read.ReadAt.UtcDateTime,
    };

    public static ListRead ReadList(BsonDocument document) => new()
    {
        List = ListKey.Of((ApiEndpoint)document["endpoint"].AsInt32, document["subject"].AsString),
        Result = (ListResult)document["result"].AsInt32,
        Reason = document["reason"].AsString,
        Items = document["items"].AsInt64,
        IsCut = document["is_cut"].AsBoolean,
        LogId = document["log_id"].AsString,
        ReadAt = new(document["read_at"].ToUniversalTime(), TimeSpan.Zero),
    };

    public static string YearKey(string labId, ClauseClass clauseClass, int year) =>
        MongoKey.Of(labId, ((int)clauseClass).ToString(CultureInfo.InvariantCulture), year.ToString("0000", CultureInfo.InvariantCulture));

    /// <summary>A year with these days as they are now; a new one when there was none.</summary>
    public static BsonDocument With(BsonDocument? year, string key, ClauseClass clauseClass, IEnumerable<KnownDay> known)
    {
        var after = year ?? new BsonDocument { ["_id"] = key, ["class"] = (int)clauseClass, ["days"] = new BsonDocument() };
        foreach (var day in known)
        {
            after["days"].AsBsonDocument[Days.Text(day.Day)] = new BsonDocument
            {
                ["light"] = (int)day.Light,
                ["first_at"] = day.FirstAt.UtcDateTime,
                ["last_at"] = day.LastAt.UtcDateTime,
                ["tries"] = day.Tries,
                ["log_ids"] = new BsonArray(day.LogIds),
            };
        }

        return after;
    }

    /// <summary>The days of a year of which something is known.</summary>
    public static IEnumerable<KnownDay> KnownDaysOf(BsonDocument year) =>
        from day in year["days"].AsBsonDocument
        let fact = day.Value.AsBsonDocument
        select new KnownDay
        {
            Day = Days.Day(day.Name),
            Light = (DayLight)fact["light"].AsInt32,
            FirstAt = new(fact["first_at"].ToUniversalTime(), TimeSpan.Zero),
            LastAt = new(fact["last_at"].ToUniversalTime(), TimeSpan.Zero),
            Tries = fact["tries"].AsInt32,
            LogIds = [.. fact["log_ids"].AsBsonArray.Select(id => id.AsString)],
        };

    public static BsonDocument Of(string labId, Exploration exploration) => new()
    {
        ["_id"] = MongoKey.Of(labId, ((int)exploration.Class).ToString(CultureInfo.InvariantCulture)),
        ["class"] = (int)exploration.Class,
        ["record"] = Write(exploration),
    };

    public static Exploration ReadExploration(BsonDocument document) => Read<Exploration>(document["record"]);

    public static string ClassKeyOf(string labId, ClauseClass clauseClass) => MongoKey.Of(labId, ((int)clauseClass).ToString(CultureInfo.InvariantCulture));

    public static BsonDocument Of(string labId, MergeLearnt learnt) => new() { ["_id"] = ClassKeyOf(labId, learnt.Class), ["record"] = Write(learnt.Knowledge) };

    public static MergeKnowledge ReadMerging(BsonDocument document) => Read<MergeKnowledge>(document["record"]);

    public static string ListKeyOf(string labId, ListKey list) => MongoKey.Of(labId, ((int)list.Endpoint).ToString(CultureInfo.InvariantCulture), list.Subject);

    public static BsonDocument Write<T>(T record) => BsonDocument.Parse(CollectorJson.Write(record));

    public static T Read<T>(BsonValue document) => CollectorJson.Read<T>(document.AsBsonDocument.ToJson(Relaxed));

    private static void Add(BsonDocument document, string field, BsonValue value, bool isWanted)
    {
        if (isWanted)
        {
            document[field] = value;
        }
    }
}
