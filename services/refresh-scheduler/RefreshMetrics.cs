using System.Diagnostics.Metrics;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>What the refresh-scheduler measures.</summary>
internal sealed class RefreshMetrics : IDisposable
{
    private readonly Meter meter = new("IssueObservatory.Mesh");
    private readonly Gauge<long> due;

    /// <summary>The instruments.</summary>
    public RefreshMetrics() => due = meter.CreateGauge<long>("mesh.refresh.due", "{video}", "Videos that are due for a refresh and wait for it.");

    /// <summary>Videos of a lab that are due.</summary>
    public void Due(string labId, long videos) => due.Record(videos, new KeyValuePair<string, object?>("mesh.lab_id", labId));

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
