using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Collections of the database <c>collector</c>, and an index for every query of <see cref="MongoCollectorQueries"/> that <c>_id</c> does not serve.
/// Fields that a query looks for are there only as long as the query may want the document, so that most indexes stay as small as the work that is open.
/// </summary>
internal static class MongoCollectorSchema
{
    /// <summary>State of each collection: <c>lab/collection</c>.</summary>
    public const string Collections = "collections";

    /// <summary>What each collection asked for, written once: <c>lab/collection</c>. Apart, because the state is rewritten with every page.</summary>
    public const string Askings = "askings";

    /// <summary>Which collection a request_id stands for: <c>lab/request_id</c>.</summary>
    public const string RequestIds = "request_ids";

    /// <summary>Each search with its checkpoint: <c>lab/search</c>.</summary>
    public const string Searches = "searches";

    /// <summary>What is known of a clause in a calendar month: <c>lab/clause/2026-01</c>. A window of 31 days touches two of them at most.</summary>
    public const string Coverage = "coverage";

    /// <summary>How the last reading of a list ended: <c>lab/endpoint/subject</c>.</summary>
    public const string Lists = "lists";

    /// <summary>What a lab found out of a class in a year: <c>lab/class/2026</c>. Kept with its pages; what counts is what all labs know together.</summary>
    public const string Blackouts = "blackouts";

    /// <summary>The exploration of a class as a lab moved it last: <c>lab/class</c>.</summary>
    public const string Explorations = "explorations";

    /// <summary>Whether TikTok answers at all: one document.</summary>
    public const string Outage = "outage";

    /// <summary>What each caller of a lab has got of late: <c>lab</c>.</summary>
    public const string Turns = "turns";

    /// <summary>What a lab has learnt of merging a class: <c>lab/class</c>.</summary>
    public const string Merging = "merging";

    /// <summary>Pages without their bodies: <c>lab/page</c>.</summary>
    public const string Pages = "raw_pages";

    /// <summary>Bodies, gzip, in parts of 8 MiB: <c>lab/page/0000</c>. Written once, before the change that speaks of them.</summary>
    public const string Bodies = "raw_bodies";

    /// <summary>What a lab noted of its reports to TikTok: <c>lab/note</c>.</summary>
    public const string SupportNotes = "support_notes";

    /// <summary>Processes that collect: their names.</summary>
    public const string Instances = "instances";

    /// <summary>The number of the last page that was to be kept.</summary>
    public const string Counters = "counters";

    public static readonly MongoSchema Schema = Of("collector");

    /// <summary>The same in a database of another name. Version 1 knew profiles only, version 2 no blackouts, version 3 neither merged accounts nor standing collections: see <see cref="MongoCollectorUpgrade"/>.</summary>
    public static MongoSchema Of(string database) => new(database, 4, new Dictionary<string, IReadOnlyList<MongoIndex>>(StringComparer.Ordinal)
    {
        [Collections] =
        [
            new("unfinished", new BsonDocument("unfinished", 1)) { Only = Exists("unfinished") },
            new("awaiting_light", new BsonDocument("awaiting_light", 1)) { Only = Exists("awaiting_light") },
            new("due", new BsonDocument { ["standing"] = 1, ["due"] = 1 }) { Only = Exists("standing") },
            new("newest_first", new BsonDocument { ["lab"] = 1, ["created"] = -1, ["_id"] = -1 }),
        ],
        [Searches] =
        [
            new("walking_order_of_bucket", new BsonDocument { ["serves"] = 1, ["status"] = 1, ["bucket"] = 1, ["priority"] = 1, ["begun"] = -1, ["created"] = 1, ["ordinal"] = 1, ["_id"] = 1 }) { Only = Exists("serves") },
            new("in_flight", new BsonDocument("in_flight", 1)) { Only = Exists("in_flight") },
            new("open_clauses", new BsonDocument("clauses", 1)) { Only = Exists("clauses") },
            new("waiting", new BsonDocument("merge", 1)) { Only = Exists("merge") },
            new("open_list", new BsonDocument("list", 1)) { Only = Exists("list") },
            new("unanswered", new BsonDocument("unanswered", 1)) { Only = Exists("unanswered") },
            new("unannounced", new BsonDocument("unannounced", 1)) { Only = Exists("unannounced") },
            new("refresh", new BsonDocument("refresh", 1)) { Only = Exists("refresh") },
        ],
        [Blackouts] = [new("class", new BsonDocument("class", 1))],
        [Explorations] = [new("class", new BsonDocument("class", 1))],
        [Pages] =
        [
            new("order_of_storing", new BsonDocument { ["lab"] = 1, ["sequence"] = 1 }) { Unique = true },
            new("unanswered", new BsonDocument { ["lab"] = 1, ["unanswered"] = 1 }) { Only = Exists("unanswered") },
            new("search", new BsonDocument("search", 1)),
            new("incidents", new BsonDocument { ["lab"] = 1, ["incident_at"] = 1, ["sequence"] = 1 }) { Only = Exists("incident_at") },
        ],
        [SupportNotes] = [new("order_of_adding", new BsonDocument { ["lab"] = 1, ["number"] = 1 })],
    })
    {
        Upgrade = MongoCollectorUpgrade.RunAsync,
    };

    private static BsonDocument Exists(string field) => new(field, new BsonDocument("$exists", true));
}
