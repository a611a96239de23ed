namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The fields of each type of document, in the order in which a line has them: all of them, named or not, so that every line of a type has the same keys.</summary>
internal static class DocumentShapes
{
    /// <summary>The field that a document's set is shown as.</summary>
    public const string IdsOfPlaylist = "playlist_video_ids";

    private static readonly Dictionary<StoredType, string[]> Fields = new()
    {
        [StoredType.Profile] =
        [
            "username", "display_name", "bio_description", "bio_url", "avatar_url", "is_verified", "follower_count", "following_count", "likes_count", "video_count",
        ],
        [StoredType.Follow] = ["follower", "followed", "follower_username", "followed_username", "follower_display_name", "followed_display_name"],
        [StoredType.Playlist] = ["playlist_id", "playlist_name", "playlist_item_total", "playlist_last_updated", IdsOfPlaylist],
        [StoredType.Shop] = ["shop_id", "shop_name", "shop_rating", "shop_review_count", "item_sold_count", "shop_performance_value"],
        [StoredType.Product] =
        [
            "product_id", "shop_id", "shop_name", "product_name", "product_description", "product_price", "product_rating", "product_review_count",
            "product_rating_1_count", "product_rating_2_count", "product_rating_3_count", "product_rating_4_count", "product_rating_5_count", "product_sold_count",
        ],
        [StoredType.Review] = ["product_id", "product_name", "review_text", "review_rating", "review_like_count", "create_time", "display_name"],
    };

    public static IReadOnlyList<string> Of(StoredType type) => Fields[type];
}
