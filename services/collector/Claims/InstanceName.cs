namespace IssueObservatory.Mesh.Collector;

/// <summary>The name under which this process collects.</summary>
internal sealed record InstanceName(string Value)
{
    /// <summary>A file belongs to one process at a time: whoever opens it takes over from the one before, however that one was named.</summary>
    public static readonly InstanceName OfFile = new("embedded");
}
