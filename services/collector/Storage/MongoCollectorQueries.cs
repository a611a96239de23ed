using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A query and the index that serves it; <c>_id</c> needs no other.</summary>
internal sealed record MongoCollectorQuery(string Collection, string Index, MongoQuery Query);

/// <summary>Every query of the collector that looks for more than one document. A test holds each against <see cref="MongoCollectorSchema"/>.</summary>
internal static class MongoCollectorQueries
{
    public const string ById = "_id";

    private const int Open = (int)SearchStatus.Open;

    /// <summary>Documents by their keys.</summary>
    public static MongoCollectorQuery Keys(string collection, IEnumerable<string> keys) => new(collection, ById, new(new BsonDocument("_id", In(keys))));

    /// <summary>Collections of a lab that have not ended; whoever walks or sweeps begins with them.</summary>
    public static MongoCollectorQuery Unfinished(string labId) => new(Collections, "unfinished", new(new BsonDocument("unfinished", labId)));

    /// <summary>Collections of a lab that have ended without days that TikTok did not answer for.</summary>
    public static MongoCollectorQuery AwaitingLight(string labId) => new(Collections, "awaiting_light", new(new BsonDocument("awaiting_light", labId)));

    /// <summary>Standing collections of a lab to which days are to be added by now.</summary>
    public static MongoCollectorQuery Due(string labId, DateTime now) => new(Collections, "due", new(new BsonDocument { ["standing"] = labId, ["due"] = new BsonDocument("$lte", now) }));

    /// <summary>Collections of a lab, newest first.</summary>
    public static MongoCollectorQuery NewestFirst(string labId, int limit) =>
        new(Collections, "newest_first", new(new BsonDocument("lab", labId)) { Sort = new BsonDocument { ["created"] = -1, ["_id"] = -1 }, Limit = limit });

    /// <summary>The same after one of them.</summary>
    public static MongoCollectorQuery NewestFirstAfter(string labId, DateTime created, string key, int limit) =>
        new(Collections, "newest_first", new(new BsonDocument
        {
            ["lab"] = labId,
            ["$or"] = new BsonArray
            {
                new BsonDocument("created", new BsonDocument("$lt", created)),
                new BsonDocument { ["created"] = created, ["_id"] = new BsonDocument("$lt", key) },
            },
        }) { Sort = new BsonDocument { ["created"] = -1, ["_id"] = -1 }, Limit = limit });

    /// <summary>The next searches of a budget that these collections wait for and that may send now, or those that may not yet.</summary>
    public static MongoCollectorQuery InWalkingOrder(IEnumerable<string> collectionKeys, QuotaBucket bucket, DateTime now, bool mayBeSent, int limit, BsonArray besides) =>
        new(Searches, "walking_order_of_bucket", new(new BsonDocument
        {
            { "serves", In(collectionKeys) },
            { "status", Open },
            { "bucket", (int)bucket },
            { "not_before", new BsonDocument(mayBeSent ? "$lte" : "$gt", now) },
            { "$and", besides, besides.Count > 0 },
        }) { Sort = new BsonDocument { ["priority"] = 1, ["begun"] = -1, ["created"] = 1, ["ordinal"] = 1, ["_id"] = 1 }, Limit = limit });

    /// <summary>Searches that these collections wait for and that could make a test of a class on this day now.</summary>
    public static MongoCollectorQuery Holding(IEnumerable<string> collectionKeys, QuotaBucket bucket, DateTime now, int clauseClass, int day, int limit) =>
        InWalkingOrder(
            collectionKeys,
            bucket,
            now,
            mayBeSent: true,
            limit,
            [new BsonDocument("class", clauseClass), new BsonDocument("begun", false), new BsonDocument("from", new BsonDocument("$lte", day)), new BsonDocument("to", new BsonDocument("$gte", day))]);

    /// <summary>Takes all searches but those that wait for a test of a class from this day on.</summary>
    public static BsonDocument NotHeld(int clauseClass, int fromDay) => new("$or", new BsonArray
    {
        new BsonDocument("class", new BsonDocument("$ne", clauseClass)),
        new BsonDocument("begun", true),
        new BsonDocument("to", new BsonDocument("$lt", fromDay)),
    });

    /// <summary>Years of a class in which somebody found out something.</summary>
    public static MongoCollectorQuery BlackoutsOf(int clauseClass) => new(Blackouts, "class", new(new BsonDocument("class", clauseClass)));

    /// <summary>Explorations of these classes, as each lab has moved them.</summary>
    public static MongoCollectorQuery ExplorationsOf(IEnumerable<int> classes) => new(Explorations, "class", new(new BsonDocument("class", new BsonDocument("$in", new BsonArray(classes)))));

    /// <summary>Searches of a collection that are not closed.</summary>
    public static MongoCollectorQuery Serving(string collectionKey) => new(Searches, "walking_order_of_bucket", new(new BsonDocument("serves", collectionKey)));

    /// <summary>Searches of a lab with a request in flight.</summary>
    public static MongoCollectorQuery InFlight(string labId) => new(Searches, "in_flight", new(new BsonDocument("in_flight", labId)));

    /// <summary>Searches that will cover days of these clauses.</summary>
    public static MongoCollectorQuery Covering(IEnumerable<string> clauseKeys) =>
        new(Searches, "open_clauses", new(new BsonDocument("clauses", In(clauseKeys))) { Sort = new BsonDocument("_id", 1) });

    /// <summary>Searches that others may still join, with a window within these days.</summary>
    public static MongoCollectorQuery Waiting(IEnumerable<string> mergeKeys, int fromDay, int toDay) =>
        new(Searches, "waiting", new(new BsonDocument { ["merge"] = In(mergeKeys), ["from"] = new BsonDocument("$gte", fromDay), ["to"] = new BsonDocument("$lte", toDay) }));

    /// <summary>Searches that read these lists now.</summary>
    public static MongoCollectorQuery ReadingLists(IEnumerable<string> listKeys) => new(Searches, "open_list", new(new BsonDocument("list", In(listKeys))));

    /// <summary>Searches of these collections with pages that are not records yet.</summary>
    public static MongoCollectorQuery Unanswered(IEnumerable<string> collectionKeys) => new(Searches, "unanswered", new(new BsonDocument("unanswered", In(collectionKeys))));

    /// <summary>Refreshes of a lab whose end has not been announced.</summary>
    public static MongoCollectorQuery Unannounced(string labId) =>
        new(Searches, "unannounced", new(new BsonDocument("unannounced", labId)) { Sort = new BsonDocument("_id", 1) });

    /// <summary>Every search of these refreshes.</summary>
    public static MongoCollectorQuery OfRefreshes(IEnumerable<string> refreshKeys) => new(Searches, "refresh", new(new BsonDocument("refresh", In(refreshKeys))));

    /// <summary>Pages of a lab in the order of storing.</summary>
    public static MongoCollectorQuery InOrderOfStoring(string labId, long after, int limit) =>
        new(Pages, "order_of_storing", new(new BsonDocument { ["lab"] = labId, ["sequence"] = new BsonDocument("$gt", after) }) { Sort = new BsonDocument("sequence", 1), Limit = limit });

    /// <summary>Those of them that are not records yet.</summary>
    public static MongoCollectorQuery UnansweredPages(string labId, long after, int limit) =>
        new(Pages, "unanswered", new(new BsonDocument { ["lab"] = labId, ["unanswered"] = new BsonDocument("$gt", after) }) { Sort = new BsonDocument("unanswered", 1), Limit = limit });

    /// <summary>Pages of these searches; only when they were fetched and the ids of their videos.</summary>
    public static MongoCollectorQuery VideosOf(IEnumerable<string> searchKeys) =>
        new(Pages, "search", new(new BsonDocument("search", In(searchKeys))) { Fields = new BsonDocument { ["search"] = 1, ["video_ids"] = 1, ["page.FetchedAt"] = 1 } });

    /// <summary>Pages of a lab that TikTok should hear of, fetched at this time or later, in order; without what was asked and what came.</summary>
    public static MongoCollectorQuery Incidents(string labId, DateTime since) =>
        new(Pages, "incidents", new(new BsonDocument { ["lab"] = labId, ["incident_at"] = new BsonDocument("$gte", since) })
        {
            Sort = new BsonDocument { ["incident_at"] = 1, ["sequence"] = 1 },
            Fields = new BsonDocument { ["search"] = 1, ["page"] = 1, ["incident"] = 1 },
        });

    /// <summary>Notes of a lab in the order in which they were added.</summary>
    public static MongoCollectorQuery NotesOf(string labId) => new(SupportNotes, "order_of_adding", new(new BsonDocument("lab", labId)) { Sort = new BsonDocument("number", 1) });

    /// <summary>Pages of a search; only their ids and places.</summary>
    public static MongoCollectorQuery PagesOf(string searchKey) =>
        new(Pages, "search", new(new BsonDocument("search", searchKey)) { Fields = new BsonDocument { ["sequence"] = 1, ["page.PageId"] = 1 } });

    private static BsonDocument In(IEnumerable<string> keys) => new("$in", new BsonArray(keys));
}
