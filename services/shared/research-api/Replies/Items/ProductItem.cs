using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>A product of a shop.</summary>
public sealed record ProductItem : IResearchItem<ProductItem>
{
    public required string ProductId { get; init; }

    public string? ProductName { get; init; }

    public string? ProductDescription { get; init; }

    /// <summary>As sent, e.g. <c>20.79GBP</c>.</summary>
    public IReadOnlyList<string>? ProductPrice { get; init; }

    public double? ProductRating { get; init; }

    public long? ProductReviewCount { get; init; }

    /// <summary>How many reviews gave one star, two, and so on to five.</summary>
    public required IReadOnlyList<long?> RatingCounts { get; init; }

    public long? ProductSoldCount { get; init; }

    public string? ShopName { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    static NameTable IResearchItem<ProductItem>.Names { get; } = new(ResearchEndpoints.Products.Fields!.Names);

    /// <summary>The id only.</summary>
    public override string ToString() => $"product {ProductId}";

    static ProductItem? IResearchItem<ProductItem>.Of(ref LenientFields fields) => fields.Id("product_id"u8) is not { } id ? null : new()
    {
        ProductId = id,
        ProductName = fields.Text("product_name"u8),
        ProductDescription = fields.Text("product_description"u8),
        ProductPrice = fields.Texts("product_price"u8),
        ProductRating = fields.Real("product_rating"u8),
        ProductReviewCount = fields.Count("product_review_count"u8),
        RatingCounts =
        [
            fields.Count("product_rating_1_count"u8), fields.Count("product_rating_2_count"u8), fields.Count("product_rating_3_count"u8),
            fields.Count("product_rating_4_count"u8), fields.Count("product_rating_5_count"u8),
        ],
        ProductSoldCount = fields.Count("product_sold_count"u8),
        ShopName = fields.Text("shop_name"u8),
        UnreadableFields = fields.Unreadable,
        UnknownFields = fields.Unknown,
    };
}
