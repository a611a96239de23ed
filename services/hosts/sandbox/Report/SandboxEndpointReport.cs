using System.Globalization;

namespace IssueObservatory.Mesh.Sandbox;

/// <summary>The requests to one endpoint.</summary>
/// <param name="Requests">All.</param>
/// <param name="Counted">Those that took a unit.</param>
/// <param name="Records">Records that went out.</param>
/// <param name="Outcomes">How often which status and code was the answer, e.g. <c>200 ok</c>.</param>
/// <param name="Fields">The fields that were asked for in any of them.</param>
public sealed record SandboxEndpointReport(
    int Requests, int Counted, int Records, IReadOnlyDictionary<string, int> Outcomes, IReadOnlyList<string> Fields)
{
    internal static SandboxEndpointReport Of(IReadOnlyList<SandboxRequest> requests) => new(
        requests.Count,
        requests.Count(request => request.Counted),
        requests.Sum(request => request.Records ?? 0),
        SandboxReport.By(requests, Outcome, group => group.Count),
        [.. requests.SelectMany(request => (request.Fields ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    private static string Outcome(SandboxRequest request) =>
        $"{request.Status?.ToString(CultureInfo.InvariantCulture) ?? "no answer"} {request.ErrorCode}".TrimEnd();
}
