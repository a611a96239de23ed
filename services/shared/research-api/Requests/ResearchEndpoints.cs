namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Every endpoint of the Research API, each described once.</summary>
public static class ResearchEndpoints
{
    private const string Count = "max_count";

    private static readonly ResearchEndpoint OfUser = new() { Name = "", SubjectKey = "username", SubjectKind = SubjectKind.Username, FailsFalsely = true };

    private static readonly ResearchEndpoint Follow = OfUser with { Cursor = CursorKind.UnixSeconds, CountKey = Count, IdKeys = ["username"], IsFollow = true };

    private static readonly ResearchEndpoint VideosOfUser = OfUser with { CountKey = Count, IdKeys = ["id", "video_id"], Fields = UserVideoFields("favourites_count") };

    private static readonly ResearchEndpoint Shopping = new() { Name = "", Cursor = CursorKind.PageNumber, CursorKey = "page_start", CountKey = "page_size", LargestPage = 10 };

    private static readonly ResearchEndpoint CommentList = new()
    {
        Name = "video/comment/list",
        SubjectKind = SubjectKind.Id,
        Cursor = CursorKind.Index,
        CountKey = Count,
        Reach = 1000,
        ItemKeys = ["comments"],

        // Announced, shown in one example and in no table.
        Fields = new(["id", "video_id", "text", "like_count", "reply_count", "parent_comment_id", "create_time", "display_name"], optional: ["display_name"]),
    };

    private static readonly ResearchEndpoint Task = new() { Name = "", SubjectKey = "task_id", SubjectKind = SubjectKind.Id };

    public static ResearchEndpoint Videos { get; } = new()
    {
        Name = "video/query",
        Cursor = CursorKind.Index,
        CountKey = Count,
        ItemKeys = ["videos"],
        IdKeys = ["id", "video_id"],
        Fields = VideoFields.Known,
    };

    /// <summary>The comments of a video.</summary>
    public static ResearchEndpoint Comments { get; } = CommentList with { SubjectKey = "video_id" };

    /// <summary>The replies to a comment.</summary>
    public static ResearchEndpoint Replies { get; } = CommentList with { SubjectKey = "comment_id" };

    public static ResearchEndpoint UserInfo { get; } = OfUser with { Name = "user/info", Fields = new(
        ["display_name", "bio_description", "avatar_url", "is_verified", "follower_count", "following_count", "likes_count", "video_count", "bio_url"]) };

    public static ResearchEndpoint Followers { get; } = Follow with { Name = "user/followers", ItemKeys = ["user_followers"] };

    public static ResearchEndpoint Following { get; } = Follow with { Name = "user/following", ItemKeys = ["user_following"] };

    public static ResearchEndpoint LikedVideos { get; } = VideosOfUser with { Name = "user/liked_videos", Cursor = CursorKind.Opaque, ItemKeys = ["user_liked_videos"], MayBeHidden = true };

    public static ResearchEndpoint PinnedVideos { get; } = VideosOfUser with { Name = "user/pinned_videos", CountKey = "", ItemKeys = ["pinned_videos_list"], Fields = UserVideoFields("favorites_count") };

    public static ResearchEndpoint RepostedVideos { get; } = VideosOfUser with { Name = "user/reposted_videos", Cursor = CursorKind.Index, ItemKeys = ["reposted_videos", "user_reposted_videos"] };

    public static ResearchEndpoint Playlist { get; } = new()
    {
        Name = "playlist/info",
        SubjectKey = "playlist_id",
        SubjectKind = SubjectKind.Id,
        Cursor = CursorKind.Index,
        CountKey = Count,
        ItemKeys = ["playlist_video_ids"],
        IdKeys = [],
        FailsFalsely = true,

        // In no table; the one example asks for it and is answered with everything.
        Fields = new(["playlist_id"]),
    };

    public static ResearchEndpoint Shop { get; } = Shopping with
    {
        Name = "tts/shop",
        SubjectKey = "shop_name",
        SubjectKind = SubjectKind.Text,
        Cursor = CursorKind.None,
        CountKey = "limit",
        ItemKeys = ["shop_data"],
        IdKeys = ["shop_id"],
        Fields = new(["shop_name", "shop_rating", "shop_review_count", "item_sold_count", "shop_id", "shop_performance_value"]),
    };

    public static ResearchEndpoint Products { get; } = Shopping with
    {
        Name = "tts/product",
        SubjectKey = "shop_id",
        SubjectKind = SubjectKind.Id,
        ItemKeys = ["product_data"],
        IdKeys = ["product_id"],
        Fields = new(
        [
            "product_id", "product_name", "product_description", "product_price", "product_rating", "product_review_count", "product_rating_1_count", "product_rating_2_count",
            "product_rating_3_count", "product_rating_4_count", "product_rating_5_count", "product_sold_count", "shop_name",
        ]),
    };

    public static ResearchEndpoint Reviews { get; } = Shopping with
    {
        Name = "tts/review",
        SubjectKey = "product_id",
        SubjectKind = SubjectKind.IdText,
        ItemKeys = ["review_data"],
        IdKeys = [],
        Fields = new(["product_name", "review_text", "review_like_count", "create_time", "review_rating", "display_name"], optional: ["display_name"]),
    };

    /// <summary>Begins a check of which ids are still there: <see cref="ValidationTaskRequest"/>.</summary>
    public static ResearchEndpoint CreateValidationTask { get; } = Task with { Name = "validation_task/create", SubjectKey = "" };

    public static ResearchEndpoint ValidationTaskStatus { get; } = Task with { Name = "validation_task_status/get" };

    /// <summary>Answers with a text rather than with JSON: <see cref="ValidIdsReader"/>.</summary>
    public static ResearchEndpoint DownloadValidationTask { get; } = Task with { Name = "validation_task/download" };

    public static IReadOnlyList<ResearchEndpoint> All { get; } =
    [
        Videos, Comments, Replies, UserInfo, Followers, Following, LikedVideos, PinnedVideos, RepostedVideos, Playlist,
        Shop, Products, Reviews, CreateValidationTask, ValidationTaskStatus, DownloadValidationTask,
    ];

    /// <summary>The videos of a user have fewer fields than those of a query, and a spelling of their own; peers report that the count of favourites is refused.</summary>
    private static FieldList UserVideoFields(string favorites) => new(
        [
            "id", "create_time", "username", "region_code", "video_description", "music_id", "like_count", "comment_count", "share_count", "view_count", "hashtag_names",
            "is_stem_verified", favorites, "video_duration", "hashtag_info_list", "sticker_info_list", "effect_info_list", "video_mention_list", "video_label", "video_tag",
        ],
        optional: [favorites],
        (favorites is "favorites_count" ? "favourites_count" : "favorites_count", favorites),
        ("video_id", "id"));
}
