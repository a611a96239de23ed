namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>A video, when it was looked at, and when it must be read again.</summary>
internal sealed record ScheduledVideo
{
    /// <summary>TikTok's video id.</summary>
    public required string PlatformId { get; init; }

    /// <summary>Upload time, UTC.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>When TikTok last returned it, UTC.</summary>
    public required DateTimeOffset LastReadAt { get; init; }

    /// <summary>When TikTok first did not return it since it was last read; null while it is there.</summary>
    public DateTimeOffset? MissedAt { get; init; }

    /// <summary>When it was last looked at, whether it was there or not: the later look wins.</summary>
    public required DateTimeOffset LookedAt { get; init; }

    /// <summary>From when on it may be refreshed.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it must have been refreshed.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>UTC day of the upload: TikTok finds a video by it.</summary>
    public DateOnly UploadDay => DateOnly.FromDateTime(PublishedAt.UtcDateTime);
}
