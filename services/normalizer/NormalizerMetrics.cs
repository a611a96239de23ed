using System.Diagnostics.Metrics;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Counts of what became of TikTok's items.</summary>
internal sealed class NormalizerMetrics : IDisposable
{
    private readonly Meter meter = new("IssueObservatory.Mesh");
    private readonly Counter<long> records;
    private readonly UpDownCounter<long> quarantined;

    public NormalizerMetrics()
    {
        records = meter.CreateCounter<long>("mesh.records", "{record}", "Records made or changed by pages.");
        quarantined = meter.CreateUpDownCounter<long>("mesh.quarantine.items", "{item}", "Items put into quarantine, less those let out.");
    }

    /// <summary>A page was kept for the first time.</summary>
    public void Kept(PageCounts counts)
    {
        Count("new", counts.New);
        Count("updated", counts.Updated);
        quarantined.Add(counts.Quarantined);
    }

    /// <summary>Items left the quarantine.</summary>
    public void Released(int items) => quarantined.Add(-items);

    public void Dispose() => meter.Dispose();

    private void Count(string outcome, int amount)
    {
        if (amount > 0)
        {
            records.Add(amount, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
