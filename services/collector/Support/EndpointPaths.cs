using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What TikTok calls the endpoints that it answers us at.</summary>
internal static class EndpointPaths
{
    private static readonly long[] StepsOfChecks = [ComplianceSteps.Create, ComplianceSteps.Status, ComplianceSteps.Download];

    /// <summary>E.g. <c>/v2/research/video/query/</c>.</summary>
    public static string Path(this ApiEndpoint endpoint) => Described(endpoint).Path;

    private static ResearchEndpoint Described(ApiEndpoint endpoint) =>
        endpoint.HasLists() ? endpoint.Api()
        : StepsOfChecks.Where(step => ComplianceSteps.Answers(step) == endpoint).Select(ComplianceSteps.Api).FirstOrDefault() ?? ResearchEndpoints.Videos;
}
