namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A video as the sandbox knows it: the truth, of which the API shows a part.</summary>
public sealed record SandboxVideo
{
    /// <summary>The id; its upper 32 bits are the second of the upload (Unix time).</summary>
    public required long Id { get; init; }

    /// <summary>When it was posted, whole seconds; decides on which UTC day a search finds it.</summary>
    public required DateTimeOffset CreateTime { get; init; }

    /// <summary>The creator's handle as the API prints it, which rarely ends with a NUL.</summary>
    public required string Username { get; init; }

    /// <summary>The creator's country, upper case.</summary>
    public string RegionCode { get; init; } = "DK";

    /// <summary>The caption, often with a blank at the end.</summary>
    public string Description { get; init; } = "";

    /// <summary>The hashtags without <c>#</c>, not in the caption's order.</summary>
    public IReadOnlyList<string> HashtagNames { get; init; } = [];

    public long MusicId { get; init; }

    /// <summary>null: the API leaves the key out, as it mostly does.</summary>
    public IReadOnlyList<string>? EffectIds { get; init; }

    /// <summary>null: not in a playlist, the key is left out.</summary>
    public long? PlaylistId { get; init; }

    /// <summary>null: nothing was said, the key is left out.</summary>
    public string? VoiceToText { get; init; }

    /// <summary>Handles that the caption mentions, without <c>@</c>.</summary>
    public IReadOnlyList<string> Mentions { get; init; } = [];

    /// <summary>Texts put on the picture.</summary>
    public IReadOnlyList<string> Stickers { get; init; } = [];

    /// <summary>The label under the video; null: the key is left out.</summary>
    public string? Label { get; init; }

    /// <summary>Length in seconds.</summary>
    public int DurationSeconds { get; init; } = 30;

    public bool IsStemVerified { get; init; }

    /// <summary>The counts ten days after posting; <see cref="CountsAt"/> says what the API shows at a given time.</summary>
    public SandboxCounts Counts { get; init; } = new(0, 0, 0, 0, 0);

    /// <summary>The counts grow from nothing until the tenth day. Off for videos that a test places: their counts stand.</summary>
    public bool GrowsUntilDayTen { get; init; }

    /// <summary>Share of the comments that is moderated away over the 90 days after day ten, 0 to 1.</summary>
    public double CommentLoss { get; init; }

    /// <summary>The API leaves <c>like_count</c> out of this record.</summary>
    public bool LikeCountMissing { get; init; }

    /// <summary>Its comments are not disclosed: 400 <c>invalid_params</c>.</summary>
    public bool CommentsDisabled { get; init; }

    /// <summary>When the search index knows it; null: at once. The real API takes up to 48 hours.</summary>
    public DateTimeOffset? IndexedAt { get; init; }

    /// <summary>From when it is deleted or private; null: never. The index keeps its position, pages drop it.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>The UTC day of <see cref="CreateTime"/>.</summary>
    public DateOnly Day => DateOnly.FromDateTime(CreateTime.UtcDateTime);

    /// <summary>The API tells about it at all; it tells nothing about Canada.</summary>
    public bool IsDisclosed => RegionCode != "CA";

    public bool IsIndexed(DateTimeOffset now) => now >= (IndexedAt ?? CreateTime);

    public bool IsGone(DateTimeOffset now) => GoneAt is { } gone && now >= gone;

    /// <summary>What the API shows at <paramref name="now"/>; it changes by the hour until day ten, then by the day.</summary>
    public SandboxCounts CountsAt(DateTimeOffset now)
    {
        var days = Math.Max(0, (now - CreateTime).TotalDays);
        var grown = !GrowsUntilDayTen || days >= 10
            ? 1.0
            : (1 - Math.Exp(-Math.Floor(days * 24) / 48)) / (1 - Math.Exp(-5));
        var lost = CommentLoss * Math.Clamp((Math.Floor(days) - 10) / 90, 0, 1);
        return new(
            Scale(Counts.Views, grown),
            Scale(Counts.Likes, grown),
            Scale(Counts.Comments, grown * (1 - lost)),
            Scale(Counts.Shares, grown),
            Scale(Counts.Favorites, grown));
    }

    // 1.0 leaves the number exactly as it is, also beyond 2^53.
    private static long Scale(long count, double share) => share >= 1.0 ? count : (long)(count * share);
}

/// <summary>Engagement of a video at one time.</summary>
public sealed record SandboxCounts(long Views, long Likes, long Comments, long Shares, long Favorites);
