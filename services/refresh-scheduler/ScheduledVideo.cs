namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>
/// A video, when it was looked at, and when it must be read again. A comment is one that is never due by itself and has no day: only checks look at it.
/// </summary>
internal sealed record ScheduledVideo
{
    /// <summary>TikTok's id of the video or comment.</summary>
    public required string PlatformId { get; init; }

    /// <summary>Upload time, UTC.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>When TikTok last returned it, UTC.</summary>
    public required DateTimeOffset LastReadAt { get; init; }

    /// <summary>When a check since then last found it shown; null when none did.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>When TikTok first did not return it since it was last read; null while it is there.</summary>
    public DateTimeOffset? MissedAt { get; init; }

    /// <summary>Since when nobody could look for it because its days are dark; null unless that is so.</summary>
    public DateTimeOffset? DarkSince { get; init; }

    /// <summary>When it was last looked at, whether it was there or not: the later look wins.</summary>
    public required DateTimeOffset LookedAt { get; init; }

    /// <summary>From when on it may be refreshed.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it must have been refreshed.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Whether it is a comment.</summary>
    public bool IsComment => DueAt == RefreshPlan.Never;

    /// <summary>UTC day of the upload: TikTok finds a video by it.</summary>
    public DateOnly UploadDay => DateOnly.FromDateTime(PublishedAt.UtcDateTime);
}

/// <summary>What is known of a video or comment, and where it is.</summary>
/// <param name="Video">What is known.</param>
/// <param name="RefreshId">The open batch that it is in; empty when it is in none.</param>
internal sealed record KnownVideo(ScheduledVideo Video, string RefreshId);
