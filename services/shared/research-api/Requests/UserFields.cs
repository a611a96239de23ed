namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The nine fields of a profile: eight that every recording has, and <c>bio_url</c>.</summary>
public static class UserFields
{
    internal static readonly FieldList Known = new(
    [
        "display_name", "bio_description", "avatar_url", "is_verified", "follower_count", "following_count", "likes_count", "video_count", "bio_url",
    ]);

    public static IReadOnlyList<string> All => Known.Names;

    /// <summary>Reads a list with commas; the argument's name goes into the error.</summary>
    public static Parsed<IReadOnlyList<string>> Parse(string text, string argument = "--fields") => Known.Parse(text, argument);
}
