namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What an organisation has used of its two daily buckets; a client key without one is its own.</summary>
public sealed record SandboxUsage(string Organisation, DateOnly Day, int Used, int Limit, int FollowUsed, int FollowLimit);
