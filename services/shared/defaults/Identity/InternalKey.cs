namespace IssueObservatory.Mesh.Defaults;

/// <summary>The key by which the services of one mesh know each other.</summary>
/// <param name="Key">The key.</param>
public sealed record InternalKey(Secret<string> Key);
