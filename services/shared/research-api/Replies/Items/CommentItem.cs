using System.Text.Json.Serialization;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One comment. A comment on a video has the video as its parent, a reply has a comment; TikTok has masked numbers and addresses in the text.</summary>
public sealed record CommentItem : IResearchItem<CommentItem>
{
    public required string Id { get; init; }

    /// <summary>Missing in the example of replies.</summary>
    public string? VideoId { get; init; }

    public string? ParentCommentId { get; init; }

    /// <summary>Empty for stickers and pictures.</summary>
    public string? Text { get; init; }

    /// <summary>Announced, but in no table of the documentation.</summary>
    public string? DisplayName { get; init; }

    public long? LikeCount { get; init; }

    public long? ReplyCount { get; init; }

    public DateTimeOffset? CreateTime { get; init; }

    [JsonIgnore]
    public IReadOnlyList<string> UnreadableFields { get; init; } = [];

    [JsonIgnore]
    public IReadOnlyList<string> UnknownFields { get; init; } = [];

    static NameTable IResearchItem<CommentItem>.Names { get; } = new(ResearchEndpoints.Comments.Fields!.Names);

    /// <summary>The id only: names and texts stay out of logs.</summary>
    public override string ToString() => $"comment {Id}";

    static CommentItem? IResearchItem<CommentItem>.Of(ref LenientFields fields) => fields.Id("id"u8) is not { } id ? null : new()
    {
        Id = id,
        VideoId = fields.Id("video_id"u8),
        ParentCommentId = fields.Id("parent_comment_id"u8),
        Text = fields.Text("text"u8),
        DisplayName = fields.Text("display_name"u8),
        LikeCount = fields.Count("like_count"u8),
        ReplyCount = fields.Count("reply_count"u8),
        CreateTime = fields.Time("create_time"u8),
        UnreadableFields = fields.Unreadable,
        UnknownFields = fields.Unknown,
    };
}
