using System.Diagnostics.Metrics;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Counts of what became of TikTok's items.</summary>
internal static class NormalizerMetrics
{
    private static readonly Counter<long> Records =
        MeshTelemetry.Meter.CreateCounter<long>("mesh.records", "{record}", "Records and documents made or changed by pages.");

    private static readonly UpDownCounter<long> Quarantined =
        MeshTelemetry.Meter.CreateUpDownCounter<long>("mesh.quarantine.items", "{item}", "Items put into quarantine, less those let out.");

    /// <summary>A page was kept for the first time.</summary>
    public static void Kept(StoredType? type, PageCounts counts)
    {
        Count("new", type, counts.New);
        Count("updated", type, counts.Updated);
        Quarantined.Add(counts.Quarantined);
    }

    /// <summary>Items left the quarantine.</summary>
    public static void Released(int items) => Quarantined.Add(-items);

    private static void Count(string outcome, StoredType? type, int amount)
    {
        if (amount > 0 && type is { } known)
        {
            Records.Add(amount, new("outcome", outcome), new("type", known.Name()));
        }
    }
}
