using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>What is no content of its own: a user, an edge, a list, a shop, a product, a review, as somebody may see it.</summary>
public sealed record UniversalDocument
{
    /// <summary>UUIDv5 of (lab, platform, type and key), see <see cref="RecordId"/>.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>profile</c>, <c>follow</c>, <c>playlist</c>, <c>shop</c>, <c>product</c> or <c>review</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What makes it one of its type; names nobody.</summary>
    public required string Key { get; init; }

    /// <summary>When the page that brought the present values was fetched, UTC.</summary>
    public required DateTimeOffset CollectedAt { get; init; }

    /// <summary>Every field of its type under TikTok's name and in a fixed order; null is unknown or withheld.</summary>
    public required IReadOnlyList<KeyValuePair<string, JsonNode?>> Fields { get; init; }

    /// <summary>Names of fields that are null because the reader may not see them.</summary>
    public IReadOnlyList<string> Withheld { get; init; } = [];
}
