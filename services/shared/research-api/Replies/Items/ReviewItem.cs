using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>A review of a product. It has no id.</summary>
public sealed record ReviewItem : IResearchItem<ReviewItem>
{
    public string? ProductName { get; init; }

    public string? ReviewText { get; init; }

    public long? ReviewLikeCount { get; init; }

    /// <summary>A word, <c>ONE</c> to <c>FIVE</c>.</summary>
    public string? ReviewRating { get; init; }

    /// <summary>In milliseconds on the wire.</summary>
    public DateTimeOffset? CreateTime { get; init; }

    /// <summary>In one example only.</summary>
    public string? DisplayName { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    static NameTable IResearchItem<ReviewItem>.Names { get; } = new(ResearchEndpoints.Reviews.Fields!.Names);

    /// <summary>Nothing of it: names and texts stay out of logs.</summary>
    public override string ToString() => "review";

    static ReviewItem? IResearchItem<ReviewItem>.Of(ref LenientFields fields) => new()
    {
        ProductName = fields.Text("product_name"u8),
        ReviewText = fields.Text("review_text"u8),
        ReviewLikeCount = fields.Count("review_like_count"u8),
        ReviewRating = fields.Text("review_rating"u8),
        CreateTime = fields.Time("create_time"u8),
        DisplayName = fields.Text("display_name"u8),
        UnreadableFields = fields.Unreadable,
        UnknownFields = fields.Unknown,
    };
}
