using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Decides what an item of a page becomes that is no content: a document, and apart from it the names. TikTok's names have no case, so they are lower case here.</summary>
internal sealed class DocumentItems(AuthorPseudonyms pseudonyms, NamelessText texts)
{
    public NormalizedItem Of(StoredPage page, int position, UserInfoItem user)
    {
        var username = page.Subject.ToLowerInvariant();
        return Item(
            page,
            position,
            StoredType.Profile,
            pseudonyms.Of(username),
            FieldsOf(
                ("is_verified", user.IsVerified),
                ("follower_count", user.FollowerCount),
                ("following_count", user.FollowingCount),
                ("likes_count", user.LikesCount),
                ("video_count", user.VideoCount)),
            new KeptNames(username, Fields: FieldsOf(
                ("username", username),
                ("display_name", user.DisplayName),
                ("bio_description", user.BioDescription),
                ("bio_url", user.BioUrl),
                ("avatar_url", user.AvatarUrl))));
    }

    /// <summary>An edge of the graph, which is the same from both its ends.</summary>
    public NormalizedItem Of(StoredPage page, int position, FollowItem listed)
    {
        var isFollower = page.Endpoint is ApiEndpoint.Followers;
        var (asked, found) = (page.Subject.ToLowerInvariant(), listed.Username.ToLowerInvariant());
        var (follower, followed) = isFollower ? (found, asked) : (asked, found);
        var (one, other) = (pseudonyms.Of(follower), pseudonyms.Of(followed));
        return Item(
            page,
            position,
            StoredType.Follow,
            $"{one}:{other}",
            FieldsOf(("follower", one), ("followed", other)),
            new KeptNames(follower, followed, FieldsOf(
                ("follower_username", follower),
                ("followed_username", followed),
                (isFollower ? "follower_display_name" : "followed_display_name", listed.DisplayName))));
    }

    public NormalizedItem Of(StoredPage page, PlaylistItem playlist)
    {
        var item = Item(
            page,
            0,
            StoredType.Playlist,
            playlist.PlaylistId,
            FieldsOf(
                ("playlist_id", playlist.PlaylistId),
                ("playlist_name", texts.OrNull(playlist.Name)),
                ("playlist_item_total", playlist.ItemTotal),
                ("playlist_last_updated", playlist.LastUpdated?.ToUnixTimeSeconds())));
        var fetched = page.FetchedAt.ToUnixTimeMilliseconds();
        IEnumerable<SeenId> seen = (playlist.VideoIds ?? []).Select((id, place) => new SeenId(id, fetched, place));
        return item with { Stored = (StoredDocument)item.Stored with { Set = [.. seen.DistinctBy(one => one.Id, StringComparer.Ordinal).Take(StoredDocument.LargestSet)] } };
    }

    public static NormalizedItem Of(StoredPage page, int position, ShopItem shop) => Item(
        page,
        position,
        StoredType.Shop,
        shop.ShopId,
        FieldsOf(
            ("shop_id", shop.ShopId),
            ("shop_name", shop.ShopName),
            ("shop_rating", shop.ShopRating),
            ("shop_review_count", shop.ShopReviewCount),
            ("item_sold_count", shop.ItemSoldCount),
            ("shop_performance_value", shop.ShopPerformanceValue)));

    public NormalizedItem Of(StoredPage page, int position, ProductItem product)
    {
        var item = Item(
            page,
            position,
            StoredType.Product,
            product.ProductId,
            FieldsOf(
                ("product_id", product.ProductId),
                ("shop_id", page.Subject),
                ("shop_name", product.ShopName),
                ("product_name", product.ProductName),
                ("product_description", texts.OrNull(product.ProductDescription)),
                ("product_price", product.ProductPrice is { } prices ? new JsonArray([.. prices.Select(price => JsonValue.Create(price))]) : null),
                ("product_rating", product.ProductRating),
                ("product_review_count", product.ProductReviewCount),
                ("product_sold_count", product.ProductSoldCount)));
        var fields = ((StoredDocument)item.Stored).Fields;
        for (var stars = 1; stars <= product.RatingCounts.Count; stars++)
        {
            if (product.RatingCounts[stars - 1] is { } count)
            {
                fields[string.Create(CultureInfo.InvariantCulture, $"product_rating_{stars}_count")] = count;
            }
        }

        return item;
    }

    /// <summary>Null when the review says nothing by which it could be told from others.</summary>
    public NormalizedItem? Of(StoredPage page, int position, ReviewItem review)
    {
        if (review is { ReviewText: null, ReviewRating: null, CreateTime: null })
        {
            return null;
        }

        var created = review.CreateTime?.ToUnixTimeMilliseconds();
        var said = string.Create(CultureInfo.InvariantCulture, $"{page.Subject}\n{created}\n{review.ReviewRating}\n{review.ReviewText}");
        return Item(
            page,
            position,
            StoredType.Review,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said))),
            FieldsOf(
                ("product_id", page.Subject),
                ("product_name", review.ProductName),
                ("review_text", texts.OrNull(review.ReviewText)),
                ("review_rating", review.ReviewRating),
                ("review_like_count", review.ReviewLikeCount),
                ("create_time", created)),
            review.DisplayName is { Length: > 0 } name ? new KeptNames(Username: null, Fields: FieldsOf(("display_name", name))) : null);
    }

    private static NormalizedItem Item(StoredPage page, int position, StoredType type, string key, JsonObject fields, KeptNames? names = null) => new()
    {
        Position = position,
        Names = names,
        Day = page.DayOf(published: null),
        Matches = ClauseMatching.OfList(page.Clauses),
        Stored = new StoredDocument
        {
            Type = type,
            DocumentKey = key,
            Version = page.VersionAt(position),
            Fields = fields,
            Withheld = names?.Fields is { } withheld ? [.. withheld.Select(field => field.Key)] : [],
        },
    };

    /// <summary>Those that TikTok sent.</summary>
    private static JsonObject FieldsOf(params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        JsonObject found = [];
        foreach (var (name, value) in fields)
        {
            if (value is not null)
            {
                found[name] = value;
            }
        }

        return found;
    }
}
