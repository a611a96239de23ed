using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Which clauses may share a search: those of one class that are the same but for one atom. The API's query has one level, so what they share is ANDed and
/// what they differ in becomes one IN. Classes never mix: a blackout is one of a class, and one dead class would sink the others.
/// </summary>
internal static class MergeKeys
{
    /// <summary>Equal for clauses that may share a search; empty for one that runs alone.</summary>
    public static string Of(Clause clause) => clause switch
    {
        { Class: ClauseClass.Hashtag, Hashtags.Count: 1, Username: "" } => Key("hashtag", clause, clause.Keywords),
        { Class: ClauseClass.Username, Username.Length: > 0 } => Key("username", clause, [.. clause.Hashtags, "words", .. clause.Keywords]),
        { Class: ClauseClass.Id } => Key("id", clause, []),
        _ => "",
    };

    private static string Key(string kind, Clause clause, IEnumerable<string> shared) =>
        string.Join('\u001f', [kind, .. shared, clause.IsRandom ? "random" : "all", "regions", .. clause.RegionCodes, "fields", .. clause.Fields]);
}
