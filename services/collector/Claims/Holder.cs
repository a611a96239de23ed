namespace IssueObservatory.Mesh.Collector;

/// <summary>A collector's process as the store knows it: of several processes that ever had the name, the one with the highest epoch counts.</summary>
internal sealed record Holder(string Instance, long Epoch);
