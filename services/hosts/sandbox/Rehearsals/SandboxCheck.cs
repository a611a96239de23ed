namespace IssueObservatory.Mesh.Sandbox;

/// <summary>One thing that a good client does in a scenario.</summary>
/// <param name="What">A sentence.</param>
/// <param name="Holds">Whether it did; null: the moment has not come.</param>
public sealed record SandboxCheck(string What, bool? Holds);
