using System.Diagnostics.Metrics;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>The gauges <c>mesh.quota.used</c> and <c>mesh.quota.limit</c>, per lab, account and bucket, in units.</summary>
internal sealed class QuotaMetrics : IDisposable
{
    private readonly Meter meter = new(MeshTelemetry.Name);
    private readonly Gauge<long> used;
    private readonly Gauge<long> limit;

    public QuotaMetrics()
    {
        used = meter.CreateGauge<long>("mesh.quota.used", "{request}", "Units granted or charged on the present UTC day.");
        limit = meter.CreateGauge<long>("mesh.quota.limit", "{request}", "Units a UTC day.");
    }

    /// <summary>Whether anybody listens.</summary>
    public bool Enabled => used.Enabled || limit.Enabled;

    /// <summary>Shows a budget as it is now.</summary>
    public void Show(BudgetReading reading)
    {
        KeyValuePair<string, object?>[] tags =
        [
            new("mesh.lab", reading.Key.LabId),
            new("mesh.account", reading.Key.Account),
            new("mesh.bucket", reading.Key.Bucket.ToString()),
        ];
        used.Record(reading.Used, tags);
        limit.Record(reading.Limit, tags);
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
