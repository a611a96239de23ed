namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The 23 fields of a video, in the documentation's order.</summary>
public static class VideoFields
{
    internal static readonly FieldList Known = new(
        [
            "id", "video_description", "create_time", "region_code", "share_count", "view_count", "like_count", "comment_count",
            "music_id", "hashtag_names", "username", "effect_ids", "playlist_id", "voice_to_text", "is_stem_verified", "favorites_count",
            "video_duration", "hashtag_info_list", "sticker_info_list", "effect_info_list", "video_mention_list", "video_label", "video_tag",
        ],
        optional: null,
        ("favourites_count", "favorites_count"),
        ("video_id", "id"));

    public static IReadOnlyList<string> All => Known.Names;

    /// <summary>Reads a list with commas; the argument's name goes into the error.</summary>
    public static Parsed<IReadOnlyList<string>> Parse(string text, string argument = "fields") => Known.Parse(text, argument);
}
