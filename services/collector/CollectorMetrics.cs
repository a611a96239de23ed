using System.Diagnostics;
using System.Diagnostics.Metrics;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What the collector tells of itself.</summary>
internal sealed class CollectorMetrics
{
    private readonly Counter<long> requests = MeshTelemetry.Meter.CreateCounter<long>("mesh.requests", "{request}", "Requests sent to the Research API, by endpoint and outcome.");
    private readonly Histogram<long> recordsPerRequest = MeshTelemetry.Meter.CreateHistogram<long>("mesh.records_per_request", "{record}", "Items in an answer.");
    private readonly Counter<long> unattributed = MeshTelemetry.Meter.CreateCounter<long>("mesh.records.unattributed", "{record}", "Videos of merged searches in which none of their terms was found, by class.");
    private readonly Counter<long> matchChecked = MeshTelemetry.Meter.CreateCounter<long>("mesh.match.checked", "{video}", "Videos of merged searches for which it was checked whether TikTok finds them for the same term, by class.");
    private readonly Counter<long> matchDifferences = MeshTelemetry.Meter.CreateCounter<long>("mesh.match.differences", "{video}", "Those of them that only TikTok finds for the term (missed) or only we (invented), by class and kind.");
    private readonly Counter<long> gapDays = MeshTelemetry.Meter.CreateCounter<long>("mesh.gap.days", "d", "Days that became a gap, by reason.");

    /// <summary>A span for one request, in the trace of the call that caused the search.</summary>
    public static Activity? StartRequest(Search search)
    {
        var parent = ActivityContext.TryParse(search.TraceParent, traceState: null, out var caller) ? caller : default;
        var activity = MeshTelemetry.Source.StartActivity("mesh.search.page", ActivityKind.Internal, parent);
        activity?.SetTag("mesh.search.kind", Name(search.Kind));
        return activity;
    }

    public void Answered(Search search, long cursor, Outcome outcome)
    {
        requests.Add(1, new("endpoint", search.Api(cursor).Name), new("outcome", outcome.Code));
        Activity.Current?.SetTag("mesh.outcome", outcome.Code);
        if (outcome.Class is ApiErrorClass.Ok && !search.IsCheck && search.Answers(cursor) is not ApiEndpoint.UserInfo)
        {
            recordsPerRequest.Record(outcome.VideoIds.Count);
        }

        if (outcome.Unmatched is > 0 and var unmatched && search.Questions.Count > 1)
        {
            unattributed.Add(unmatched, new KeyValuePair<string, object?>("class", search.Class.ToString()));
        }

        if (outcome.Twin is { } twin)
        {
            Checked(search.Class, twin);
        }
    }

    public void Missed(Step? step)
    {
        var finished = step as Step.Finished;
        foreach (var missing in (finished?.Dark ?? []).Select(dark => dark.Missing).Prepend(finished?.Missing).OfType<MissingDays>())
        {
            gapDays.Add(missing.Days.Count, new KeyValuePair<string, object?>("reason", missing.Reason.ToString()));
        }
    }

    private void Checked(ClauseClass clauseClass, TwinResult twin)
    {
        var ofClass = new KeyValuePair<string, object?>("class", clauseClass.ToString());
        matchChecked.Add(twin.Videos, ofClass);
        if (twin.Missed > 0)
        {
            matchDifferences.Add(twin.Missed, ofClass, new("kind", "missed"));
        }

        if (twin.Invented > 0)
        {
            matchDifferences.Add(twin.Invented, ofClass, new("kind", "invented"));
        }
    }

    private static string Name(SearchKind kind) => kind switch
    {
        SearchKind.List => "list",
        SearchKind.Refresh => "refresh",
        _ => "videos",
    };
}
