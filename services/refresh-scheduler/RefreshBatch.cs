namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Videos that are asked for in one request.</summary>
internal sealed record RefreshBatch
{
    /// <summary>Ids that one request may hold.</summary>
    public const int LargestSize = 100;

    /// <summary>1–100 videos of one window.</summary>
    public required IReadOnlyList<ScheduledVideo> Videos { get; init; }

    /// <summary>First UTC day of the uploads.</summary>
    public DateOnly From => Videos.Min(video => video.UploadDay);

    /// <summary>Last UTC day of the uploads; at most 30 days after the first.</summary>
    public DateOnly To => Videos.Max(video => video.UploadDay);

    /// <summary>When the most urgent of them must have been refreshed.</summary>
    public DateTimeOffset Deadline => Videos.Min(video => video.Deadline);
}

/// <summary>A batch that was handed to the collector, or is about to be, and has no answer yet.</summary>
internal sealed record OpenBatch
{
    /// <summary>UUID; the same id is the same refresh for the collector.</summary>
    public required string RefreshId { get; init; }

    /// <summary>First UTC day of the window.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last UTC day of the window.</summary>
    public required DateOnly To { get; init; }

    /// <summary>When the collector last took it; null when that is not known.</summary>
    public required DateTimeOffset? HandedOverAt { get; init; }

    /// <summary>Its videos.</summary>
    public required IReadOnlyList<ScheduledVideo> Videos { get; init; }
}
