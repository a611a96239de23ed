namespace IssueObservatory.Mesh.Ucr;

/// <summary>One video or comment as the Issue Observatory keeps it, complete and as somebody may see it. Null is unknown or withheld, never zero.</summary>
public sealed record UniversalContentRecord
{
    /// <summary>UUIDv5 of (lab, platform, platform_id), see <see cref="RecordId"/>.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was posted, UTC; the fetch time when TikTok gave none.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>Always <c>tiktok</c>.</summary>
    public string Platform { get; init; } = "tiktok";

    /// <summary>Always <c>social_media</c>.</summary>
    public string Arena { get; init; } = "social_media";

    /// <summary>TikTok's id of the video or comment, decimal text.</summary>
    public required string PlatformId { get; init; }

    /// <summary><c>video</c> or <c>comment</c>.</summary>
    public string ContentType { get; init; } = "video";

    /// <summary>Address of the video; withheld unless the reader may identify. Comments have none.</summary>
    public string? Url { get; init; }

    /// <summary>Description and transcript, see <see cref="Ucr.TextContent"/>.</summary>
    public string? TextContent { get; init; }

    /// <summary>ISO 639 code; null when undetermined.</summary>
    public string? Language { get; init; }

    /// <summary>When the page that brought the video was fetched, UTC; counts that were read again later say so in the metadata.</summary>
    public required DateTimeOffset CollectedAt { get; init; }

    /// <summary>User name; withheld unless the reader may identify.</summary>
    public string? AuthorName { get; init; }

    /// <summary>Of a video the user name, because the Research API gives no other; of a comment the name that it shows. Withheld unless the reader may identify.</summary>
    public string? AuthorDisplayName { get; init; }

    /// <summary>Pseudonym of the author, or the handle of a public figure.</summary>
    public string? PseudonymizedAuthorId { get; init; }

    /// <summary>TikTok's view_count.</summary>
    public long? ViewsCount { get; init; }

    /// <summary>TikTok's like_count.</summary>
    public long? LikesCount { get; init; }

    /// <summary>TikTok's share_count.</summary>
    public long? SharesCount { get; init; }

    /// <summary>TikTok's comment_count, of a comment its reply_count.</summary>
    public long? CommentsCount { get; init; }

    /// <summary>0–100, see <see cref="Ucr.EngagementScore"/>.</summary>
    public double? EngagementScore { get; init; }

    /// <summary>As given with the collection.</summary>
    public string? CollectionRunId { get; init; }

    /// <summary>As given with the collection.</summary>
    public string? QueryDesignId { get; init; }

    /// <summary>The asking collection's terms that this video matched, as typed.</summary>
    public IReadOnlyList<string> SearchTermsMatched { get; init; } = [];

    /// <summary><c>free</c>.</summary>
    public required string CollectionTier { get; init; }

    /// <summary>What TikTok said besides, and our notes.</summary>
    public required RecordMetadata RawMetadata { get; init; }

    /// <summary>False when it came only from an actor, an id or could not be attributed to a term.</summary>
    public bool TermMatched { get; init; }

    /// <summary>See <see cref="Ucr.ContentHash"/>.</summary>
    public string? ContentHash { get; init; }
}
