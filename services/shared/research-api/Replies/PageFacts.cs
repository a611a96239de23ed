namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The outer facts of one page: what the walk needs. What is inside the items is read by <see cref="VideoItemReader"/>.</summary>
public sealed record PageFacts
{
    public required ApiError Error { get; init; }

    /// <summary>More pages follow. Decides about going on; the number of items does not, unless the page does not say.</summary>
    public bool HasMore { get; init; }

    /// <summary>Where the next page starts: an index into the search that also counts items TikTok has dropped. Null when absent or not a number.</summary>
    public long? Cursor { get; init; }

    public string? SearchId { get; init; }

    /// <summary>Every item of the list, in order, readable or not.</summary>
    public IReadOnlyList<PageItem> Items { get; init; } = [];

    /// <summary>Oldest create_time among the items: where a broken search is resumed.</summary>
    public DateTimeOffset? OldestCreateTime => Items.Min(item => item.CreateTime);
}

/// <summary>One item of a page as it lies there.</summary>
public sealed record PageItem
{
    /// <summary>Position in the page's list, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Where the item begins in the page's body, in bytes.</summary>
    public required int Offset { get; init; }

    /// <summary>The item's own bytes: a part of the page's body, not a copy.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The video's id as text; null when there is none.</summary>
    public string? Id { get; init; }

    public DateTimeOffset? CreateTime { get; init; }
}
