using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Videos as the endpoints of liked, pinned and reposted ones print them: other fields than the query's, one of them spelled otherwise.</summary>
internal static class UserVideos
{
    /// <summary>The fields, with <c>favourites_count</c> or <c>favorites_count</c> as the endpoint has it.</summary>
    public static IReadOnlyList<string> Fields(string favorites) =>
    [
        "id", "create_time", "username", "region_code", "video_description", "music_id", "like_count", "comment_count", "share_count",
        "view_count", "hashtag_names", "is_stem_verified", favorites, "video_duration", "hashtag_info_list", "sticker_info_list",
        "effect_info_list", "video_mention_list", "video_label", "video_tag",
    ];

    /// <summary>The list; null: nothing is in it, and its key is left out.</summary>
    public static JsonArray? List(IEnumerable<SandboxVideo> videos, IReadOnlyList<string> fields, ApiRequest request)
    {
        var items = videos.Select(video => VideoJson.Item(video, fields, request.Faults, request.Now)).ToArray<JsonNode?>();
        return items.Length == 0 ? null : new JsonArray(items);
    }
}
