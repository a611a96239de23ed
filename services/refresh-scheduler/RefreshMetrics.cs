using System.Diagnostics.Metrics;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>What the refresh-scheduler measures.</summary>
internal sealed class RefreshMetrics
{
    private readonly Gauge<long> due = MeshTelemetry.Meter.CreateGauge<long>("mesh.refresh.due", "{video}", "Videos that are due for a refresh and wait for it.");

    /// <summary>Videos of a lab that are due.</summary>
    public void Due(string labId, long videos) => due.Record(videos, new KeyValuePair<string, object?>("mesh.lab_id", labId));
}
