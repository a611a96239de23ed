using System.Security.Cryptography;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Makes of an answer the page that is kept: pure.</summary>
internal static class FetchedPages
{
    private static readonly string Version = typeof(FetchedPages).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>The page of a request; what nobody makes records of counts as normalized.</summary>
    public static RawPage Of(OpenSearch open, Control? control, string grantId, RawReply reply, Outcome outcome, DateTimeOffset now) => new()
    {
        LabId = open.Search.LabId,
        PageId = $"{open.Search.SearchId}-{open.Checkpoint.Cursor}-{open.Checkpoint.Attempt}",
        SearchId = open.Search.SearchId,
        Endpoint = control?.Day is null ? open.Search.Answers(open.Checkpoint.Cursor) : ApiEndpoint.VideoQuery,
        Cursor = open.Checkpoint.Cursor,
        Attempt = open.Checkpoint.Attempt,
        Status = reply.Status ?? 0,
        Fault = reply.Fault is { } fault ? Outcomes.Text(fault) : "",
        ErrorCode = outcome.Code,
        LogId = outcome.LogId,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(reply.Body.Span)),
        Body = reply.Body,
        Target = reply.Target,
        RequestBody = reply.RequestBody,
        Headers = reply.Headers,
        Latency = reply.Latency,
        GrantId = grantId,
        CollectorVersion = Version,
        FetchedAt = now,
        TikTokSearchId = outcome.TikTokSearchId,
        Normalized = outcome.Class is not ApiErrorClass.Ok || open.Search.IsCheck || outcome.IsInPlace,
    };
}
