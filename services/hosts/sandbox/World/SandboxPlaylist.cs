namespace IssueObservatory.Mesh.Sandbox;

/// <summary>A playlist of an account.</summary>
public sealed record SandboxPlaylist
{
    public required long Id { get; init; }

    public string Name { get; init; } = "";

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>In the playlist's order.</summary>
    public IReadOnlyList<long> VideoIds { get; init; } = [];
}
