using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// The two MongoDB databases. Keys begin with the lab; times are unix milliseconds, days are days as DateOnly counts them.
/// A record holds its matches, and each match lies a second time in a collection of its own, in the order in which selections are read.
/// </summary>
internal static class MongoRecordSchema
{
    /// <summary><c>lab/key</c> (<see cref="StoredTypes.Key"/>): the record or document, its latest change, its matches. Without a type it is a video.</summary>
    public const string Records = "content_records";

    /// <summary><c>lab/clause/day/key</c>: what selecting, counting, cutting off and sorting need, so that they read no record.</summary>
    public const string Matches = "matches";

    /// <summary><c>lab/key/fetched_at/page/position</c>: the counts of one reading.</summary>
    public const string Observations = "observations";

    /// <summary><c>lab/page</c>: its counts, and the positions that are in quarantine.</summary>
    public const string Pages = "normalized_pages";

    /// <summary><c>lab/item</c>: an item that is, or was, in quarantine.</summary>
    public const string Quarantine = "quarantine";

    /// <summary><c>lab</c>: the last place of its change log.</summary>
    public const string Sequences = "sequences";

    /// <summary>One document: which scheme and salt made the pseudonyms.</summary>
    public const string Pseudonyms = "pseudonyms";

    /// <summary><c>lab/key</c>, in the database of the names: user names, and what else names or pictures somebody.</summary>
    public const string Names = "identified";

    /// <summary><c>lab/username</c>, in the database of the names: profiles of an older version, which wait for their pseudonyms (<see cref="OldProfile"/>).</summary>
    public const string OldProfiles = "profiles";

    /// <summary>No user name is ever written here.</summary>
    public static readonly MongoSchema Database = new("normalizer", 2, new Dictionary<string, IReadOnlyList<MongoIndex>>(StringComparer.Ordinal)
    {
        [Records] = [new("changes", new BsonDocument { ["lab_id"] = 1, ["sequence"] = 1 })],
        [Matches] = [new("arrivals", new BsonDocument { ["lab_id"] = 1, ["clause_id"] = 1, ["first_sequence"] = 1 })],
        [Quarantine] = [new("oldest_first", new BsonDocument { ["lab_id"] = 1, ["is_held"] = 1, ["quarantined_at"] = 1, ["_id"] = 1 })],
    });

    /// <summary>Names and what names or pictures somebody, nothing else; found by <c>_id</c> only.</summary>
    public static readonly MongoSchema Identified = new("identified", 2, new Dictionary<string, IReadOnlyList<MongoIndex>>(StringComparer.Ordinal));
}
