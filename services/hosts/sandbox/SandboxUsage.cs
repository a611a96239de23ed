namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What a client key has used of its two daily buckets.</summary>
public sealed record SandboxUsage(string ClientKey, DateOnly Day, int Used, int Limit, int FollowUsed, int FollowLimit);
