namespace IssueObservatory.Mesh.Sandbox;

/// <summary>An account in somebody's list of followers or of followed accounts, since when.</summary>
public sealed record SandboxFollow(DateTimeOffset Since, SandboxCreator Creator);

/// <summary>A video in somebody's list of liked or reposted ones, since when.</summary>
public sealed record SandboxMarked(DateTimeOffset Since, SandboxVideo Video);
