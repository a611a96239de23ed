using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Comments of a video, or replies to a comment; never both.</summary>
internal sealed class CommentEndpoint(SandboxWorld world) : IEndpoint
{
    private static readonly string[] Known = ["id", "video_id", "text", "like_count", "reply_count", "parent_comment_id", "create_time", "display_name"];

    public SandboxEndpoint Kind => SandboxEndpoint.Comments;

    public string Path => "video/comment/list";

    public Outcome Answer(ApiRequest request)
    {
        var fields = request.Fields(Known);
        var (video, comment) = (request.Integer("video_id"), request.Integer("comment_id"));
        if (video is null == comment is null)
        {
            request.Errors.Add("exactly one of video_id and comment_id is required");
        }

        if (PageRequest.Read(request, usual: 10, out var refusal) is not { } asked)
        {
            return refusal!;
        }

        // Older documentation: only the first thousand comments can be had.
        if (asked.Cursor + asked.MaxCount > Math.Max(request.Rules.CommentsCap ?? long.MaxValue, asked.MaxCount))
        {
            return Outcome.Of(SandboxError.CursorInvalid);
        }

        if (video is { } id && world.FindVideo(id) is { CommentsDisabled: true } silent && world.IsShown(silent, request.Now))
        {
            return Outcome.Invalid("The comments of this video are not allowed to be disclosed");
        }

        // An unknown or deleted video has no comments, as unknown ids in a query find no videos.
        var page = Pages.ByIndex(video is { } known ? world.CommentIndex(known) : world.ReplyIndex(comment!.Value) ?? [], asked);
        var items = page.Items.Where(item => !item.IsGone(request.Now)).ToList();
        return Outcome.Ok(
            new()
            {
                ["comments"] = page.Cursor == 0 && request.Faults.BareEmptyResults ? null : new JsonArray([.. items.Select(item => Item(item, fields))]),
                // Clients met replies without a cursor when there was nothing.
                ["cursor"] = page.Cursor == 0 && request.Faults.BareEmptyResults ? null : page.Cursor,
                ["has_more"] = page.HasMore,
            },
            items.Count);
    }

    private static JsonObject Item(SandboxComment comment, IReadOnlyList<string> fields) =>
        new(fields.Select(field => KeyValuePair.Create(field, Value(comment, field))));

    private static JsonNode? Value(SandboxComment comment, string field) => field switch
    {
        "id" => comment.Id,
        "video_id" => comment.VideoId,
        "text" => Masking.Mask(comment.Text),
        "like_count" => comment.Likes,
        "reply_count" => comment.Replies,
        "parent_comment_id" => comment.ParentId,
        "create_time" => comment.CreateTime.ToUnixTimeSeconds(),
        "display_name" => comment.DisplayName,
        _ => null,
    };
}
