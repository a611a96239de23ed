using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// The API's matching once more, over a video that it returned: which clauses of a merged search the video came for. Clauses of one search are the same but for
/// the atoms of their class, so only these are looked for; the rest the server has checked for all of them.
/// </summary>
/// <remarks>Hashtags, accounts and ids are named by the video itself. How TikTok finds keywords is not published, so what is said of them here counts only once real pages have proven it.</remarks>
public static class LocalMatch
{
    /// <summary>Whether the video has what this clause asks for in the atoms of its class; false for classes that nobody can check.</summary>
    public static bool Holds(VideoItem video, Clause clause)
    {
        ArgumentNullException.ThrowIfNull(video);
        ArgumentNullException.ThrowIfNull(clause);
        return clause.Class switch
        {
            ClauseClass.Hashtag => clause.Hashtags.Count > 0 && clause.Hashtags.All(tag => video.HashtagNames?.Any(name => IsSame(name, tag)) is true),
            ClauseClass.Username => clause.Username.Length > 0 && string.Equals(video.Username, clause.Username, StringComparison.OrdinalIgnoreCase),
            ClauseClass.Id => clause.VideoId.Length > 0 && string.Equals(video.Id, clause.VideoId, StringComparison.Ordinal),
            ClauseClass.Keyword => clause.Keywords.Count > 0 && video.VideoDescription is { Length: > 0 } text && clause.Keywords.All(word => Contains(text, word)),
            _ => false,
        };
    }

    private static bool IsSame(string name, string tag) =>
        string.Equals(name, tag, StringComparison.OrdinalIgnoreCase) || string.Equals(Folded(name), Folded(tag), StringComparison.Ordinal);

    /// <summary>The documentation says "the keyword in the video description": any part of it, without regard to case.</summary>
    private static bool Contains(string text, string word) =>
        text.Contains(word, StringComparison.OrdinalIgnoreCase) || Folded(text).Contains(Folded(word), StringComparison.Ordinal);

    private static string Folded(string text) => PythonText.Lower(text.Normalize());
}
