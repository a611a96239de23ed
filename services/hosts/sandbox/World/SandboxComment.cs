namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A comment as the sandbox knows it, before anything in it is masked.</summary>
public sealed record SandboxComment
{
    /// <summary>The id; its upper 32 bits are the second of writing (Unix time).</summary>
    public required long Id { get; init; }

    /// <summary>The video; null: a reply, whose video the API does not name.</summary>
    public long? VideoId { get; init; }

    /// <summary>The comment that is answered; of a comment on the video itself the API prints the video's id here.</summary>
    public required long ParentId { get; init; }

    /// <summary>May be empty: stickers and pictures have no text.</summary>
    public string Text { get; init; } = "";

    public string DisplayName { get; init; } = "";

    public long Likes { get; init; }

    /// <summary>Replies that the API lists for this comment.</summary>
    public int Replies { get; init; }

    public DateTimeOffset CreateTime => DateTimeOffset.FromUnixTimeSeconds(Id >> 32);

    /// <summary>From when it is deleted; null: never.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    public bool IsWritten(DateTimeOffset now) => now >= CreateTime;

    public bool IsGone(DateTimeOffset now) => GoneAt is { } gone && now >= gone;
}
