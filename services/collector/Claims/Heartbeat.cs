namespace IssueObservatory.Mesh.Collector;

/// <summary>The process that counts for a name, and how often it has said that it lives.</summary>
internal sealed record Heartbeat(Holder Holder, long Beats);
