namespace IssueObservatory.Mesh.Defaults;

/// <summary>A caller that was recognised.</summary>
public sealed record CallerIdentity : ICallerIdentity
{
    /// <inheritdoc/>
    public required string LabId { get; init; }

    /// <inheritdoc/>
    public required string Caller { get; init; }

    /// <inheritdoc/>
    public bool IsMesh { get; init; }

    /// <summary>What it may do; ignored for services of the mesh.</summary>
    public IReadOnlyList<Right> Rights { get; init; } = [];

    /// <inheritdoc/>
    public bool Has(Right right) => IsMesh || Rights.Contains(right);
}
