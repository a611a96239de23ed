namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The outer facts of one page: what the walk needs. What is inside the items is read by <see cref="ItemReader"/>.</summary>
public sealed record PageFacts
{
    public required ApiError Error { get; init; }

    /// <summary>More pages follow. Decides about going on; the number of items does not, unless the page does not say.</summary>
    public bool HasMore { get; init; }

    /// <summary>Where the next page starts, see <see cref="CursorKind"/>. Null when absent or not a number.</summary>
    public long? Cursor { get; init; }

    public string? SearchId { get; init; }

    /// <summary>Every item of the list, in order, readable or not.</summary>
    public IReadOnlyList<PageItem> Items { get; init; } = [];

    /// <summary>The bytes of the answer's data, a part of the body: the profile, the task, what a playlist says of itself. Empty when there are none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Oldest create_time among the items: where a broken search is resumed.</summary>
    public DateTimeOffset? OldestCreateTime => Items.Min(item => item.CreateTime);

    /// <summary>Without what the page holds.</summary>
    public override string ToString() => $"{Items.Count} items, cursor {Cursor}, more {HasMore}";
}
