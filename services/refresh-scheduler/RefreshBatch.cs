using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Videos that are asked for in one request, or checked with one task.</summary>
internal sealed record RefreshBatch
{
    /// <summary>Ids that one request may hold.</summary>
    public const int LargestSize = 100;

    /// <summary>Ids that one check may hold.</summary>
    public const int LargestCheck = 10_000;

    /// <summary>Requests that a check takes when nothing is in its way: create, one look at its state, download.</summary>
    public const int UnitsOfCheck = 3;

    /// <summary>What it checks; UNSPECIFIED: it is read.</summary>
    public CheckedItems Checks { get; init; }

    /// <summary>1–100 videos of one window; of a check 1–10,000 videos, or as many comments.</summary>
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

    /// <summary>What it checks; UNSPECIFIED: it is read.</summary>
    public CheckedItems Checks { get; init; }

    /// <summary>Whether it only checks what is still there.</summary>
    public bool IsCheck => Checks is not CheckedItems.Unspecified;

    /// <summary>First UTC day of the window.</summary>
    public required DateOnly From { get; init; }

    /// <summary>Last UTC day of the window.</summary>
    public required DateOnly To { get; init; }

    /// <summary>When the collector last took it; null when that is not known.</summary>
    public required DateTimeOffset? HandedOverAt { get; init; }

    /// <summary>Its videos.</summary>
    public required IReadOnlyList<ScheduledVideo> Videos { get; init; }
}
