using IssueObservatory.Mesh.ResearchApi;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The four counts of one reading. They stay together: a record never mixes likes of one day with views of another.</summary>
internal sealed record EngagementCounts
{
    private static readonly string[] Fields = ["view_count", "like_count", "share_count", "comment_count", "reply_count"];

    /// <summary>view_count; null when TikTok left it out.</summary>
    public long? Views { get; init; }

    /// <summary>like_count.</summary>
    public long? Likes { get; init; }

    /// <summary>share_count.</summary>
    public long? Shares { get; init; }

    /// <summary>comment_count of a video, reply_count of a comment.</summary>
    public long? Comments { get; init; }

    /// <summary>Which of them were there but could not be read.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>The reading.</summary>
    public required ReadVersion Version { get; init; }

    /// <summary>The counts of a video; null when it has none at all, as when the search did not ask for them.</summary>
    public static EngagementCounts? Of(VideoItem video, ReadVersion version) =>
        Of(new() { Views = video.ViewCount, Likes = video.LikeCount, Shares = video.ShareCount, Comments = video.CommentCount, Version = version }, video.UnreadableFields);

    /// <summary>The counts of a comment, as those of a video.</summary>
    public static EngagementCounts? Of(CommentItem comment, ReadVersion version) =>
        Of(new() { Likes = comment.LikeCount, Comments = comment.ReplyCount, Version = version }, comment.UnreadableFields);

    /// <summary>The fields that are no counts.</summary>
    public static IReadOnlyList<string> WithoutCounts(IReadOnlyList<string> fields) => [.. fields.Where(field => !Fields.Contains(field))];

    /// <summary>The later of two readings.</summary>
    public static EngagementCounts? Later(EngagementCounts? one, EngagementCounts? other) =>
        one is null ? other : other is null || one.Version >= other.Version ? one : other;

    private static EngagementCounts? Of(EngagementCounts read, IReadOnlyList<string> unreadableFields)
    {
        IReadOnlyList<string> unreadable = [.. unreadableFields.Where(Fields.Contains)];
        return read is { Views: null, Likes: null, Shares: null, Comments: null } && unreadable.Count == 0 ? null : read with { Unreadable = unreadable };
    }
}
