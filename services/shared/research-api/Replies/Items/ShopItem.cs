using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>A shop in the EU. Shops share names, so a question brings several.</summary>
public sealed record ShopItem : IResearchItem<ShopItem>
{
    public required string ShopId { get; init; }

    public string? ShopName { get; init; }

    /// <summary>Stars; TikTok sends text.</summary>
    public double? ShopRating { get; init; }

    public long? ShopReviewCount { get; init; }

    public long? ItemSoldCount { get; init; }

    /// <summary>As sent; its meaning is not published.</summary>
    public string? ShopPerformanceValue { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    static NameTable IResearchItem<ShopItem>.Names { get; } = new(ResearchEndpoints.Shop.Fields!.Names);

    /// <summary>The id only.</summary>
    public override string ToString() => $"shop {ShopId}";

    static ShopItem? IResearchItem<ShopItem>.Of(ref LenientFields fields) => fields.Id("shop_id"u8) is not { } id ? null : new()
    {
        ShopId = id,
        ShopName = fields.Text("shop_name"u8),
        ShopRating = fields.Real("shop_rating"u8),
        ShopReviewCount = fields.Count("shop_review_count"u8),
        ItemSoldCount = fields.Count("item_sold_count"u8),
        ShopPerformanceValue = fields.Text("shop_performance_value"u8),
        UnreadableFields = fields.Unreadable,
        UnknownFields = fields.Unknown,
    };
}
