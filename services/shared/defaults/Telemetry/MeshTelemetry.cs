using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Where the mesh's own spans and measurements come from.</summary>
public static class MeshTelemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "IssueObservatory.Mesh";

    /// <summary>Spans of ours.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Measurements of ours; their names begin with <c>mesh.</c></summary>
    public static Meter Meter { get; } = new(Name);
}
