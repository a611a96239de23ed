namespace IssueObservatory.Mesh.Messages;

/// <summary>Every item of a page has become a record or is in quarantine, durably. May come twice.</summary>
[Event(1, "collector", "refresh-scheduler")]
public sealed record PageNormalized
{
    /// <summary>The lab that it belongs to.</summary>
    public required string LabId { get; init; }

    /// <summary>The page.</summary>
    public required string PageId { get; init; }

    /// <summary>Items in the page.</summary>
    public required int Received { get; init; }

    /// <summary>Records that this page made.</summary>
    public required int New { get; init; }

    /// <summary>Records that were there before.</summary>
    public required int Updated { get; init; }

    /// <summary>Items of a merged search that match none of its clauses by our own reading; they are among New and Updated.</summary>
    public required int Unattributed { get; init; }

    /// <summary>Items that could not become records.</summary>
    public required int Quarantined { get; init; }

    /// <summary>The videos of the page that have a record.</summary>
    public required IReadOnlyList<NormalizedVideo> Videos { get; init; }

    /// <summary>How many of its items match each clause of its search, by day; none where there is none. Null: not said.</summary>
    public IReadOnlyList<MatchedVideos>? Matches { get; init; }
}

/// <summary>How many items of a page match a clause and belong to a day.</summary>
public sealed record MatchedVideos
{
    /// <summary>The clause.</summary>
    public required string ClauseId { get; init; }

    /// <summary>UTC day within the search's window.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>How many, 1 or more.</summary>
    public required int Videos { get; init; }
}

/// <summary>A video that has a record, and when it was read.</summary>
public sealed record NormalizedVideo
{
    /// <summary>TikTok's video id, decimal text.</summary>
    public required string PlatformId { get; init; }

    /// <summary>Upload time, UTC.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>When its page was fetched, UTC.</summary>
    public required DateTimeOffset ReadAt { get; init; }
}
