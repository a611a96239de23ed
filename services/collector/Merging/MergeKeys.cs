using System.Security.Cryptography;
using System.Text;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Which clauses may share a search: those of one class that are the same but for one atom. The API's query has one level, so what they share is ANDed and
/// what they differ in becomes one IN. Classes never mix: a blackout is one of a class, and one dead class would sink the others.
/// </summary>
internal static class MergeKeys
{
    /// <summary>Equal for clauses that may share a search, a hash; empty for one that runs alone. Keywords need a proof besides (<see cref="MergeKnowledge"/>).</summary>
    public static string Of(Clause clause) => clause switch
    {
        { Class: ClauseClass.Hashtag, Hashtags.Count: 1, Username: "" } when Shows(clause, "hashtag_names") => Key("hashtag", clause, clause.Keywords),
        { Class: ClauseClass.Username, Username.Length: > 0 } when Shows(clause, "username") => Key("username", clause, [.. clause.Hashtags, "words", .. clause.Keywords]),
        { Class: ClauseClass.Keyword, Keywords.Count: 1, Hashtags.Count: 0, Username: "" } when Shows(clause, "video_description") => Key("keyword", clause, []),
        { Class: ClauseClass.Id } => Key("id", clause, []),
        _ => "",
    };

    /// <summary>The key of a search that others may still join: it was planned for its clauses as they are, each wants its whole window, and it makes no sample.</summary>
    public static string Of(Search search) =>
        search is { Kind: SearchKind.Videos, IsProbe: false, Sample: 0, Restarts: 0, Suspect: null, Zero: null, Twin: null, HalfOf: null, IsShortened: false, Class: not ClauseClass.Id, Clauses.Count: > 0 }
        && search.Clauses.All(each => each.Days == search.Window && !each.Clause.IsRandom)
            ? Of(search.Clauses[0].Clause)
            : "";

    /// <summary>The answer must show what tells its clauses apart.</summary>
    private static bool Shows(Clause clause, string field) => clause.Fields.Count == 0 || clause.Fields.Contains(field);

    private static string Key(string kind, Clause clause, IEnumerable<string> shared)
    {
        var text = string.Join('\u001f', [kind, .. shared, clause.IsRandom ? "random" : "all", "regions", .. clause.RegionCodes, "fields", .. clause.Fields]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }
}
