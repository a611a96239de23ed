namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One item of a page as it lies there.</summary>
public sealed record PageItem
{
    /// <summary>Position in the page's list, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Where the item begins in the page's body, in bytes.</summary>
    public required int Offset { get; init; }

    /// <summary>The item's own bytes: a part of the page's body, not a copy. What we do not know of it is here too.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Which one it is: an id as text, or the user name in lists of users. Null when it does not say.</summary>
    public string? Id { get; init; }

    public DateTimeOffset? CreateTime { get; init; }

    /// <summary>The place only: an id may be a name.</summary>
    public override string ToString() => $"item {Index}";
}
