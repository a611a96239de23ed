using System.Diagnostics.Metrics;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class CollectorMetricsTests
{
    [Fact]
    public void What_a_check_of_the_match_found_is_counted_by_class_and_kind_and_nothing_when_it_found_nothing()
    {
        List<string> counted = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter == MeshTelemetry.Meter && instrument.Name.StartsWith("mesh.match.", StringComparison.Ordinal))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            // Other tests may count on the same meter.
            if (value > 1_000)
            {
                counted.Add($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}");
            }
        });
        listener.Start();
        var search = Search() with { Class = ClauseClass.Username };
        var metrics = new CollectorMetrics();

        metrics.Answered(search, cursor: 0, Page(cursor: 1) with { Twin = new(5_001, 1_002, 1_003) });
        metrics.Answered(search, cursor: 0, Page(cursor: 1) with { Twin = new(5_004, 0, 0) });
        metrics.Answered(search, cursor: 0, Page(cursor: 1));

        counted.ShouldBe(
        [
            "mesh.match.checked 5001 class=Username",
            "mesh.match.differences 1002 class=Username kind=missed",
            "mesh.match.differences 1003 class=Username kind=invented",
            "mesh.match.checked 5004 class=Username",
        ]);
    }
}
