using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.RefreshScheduler;
using IssueObservatory.Mesh.TokenBroker;
using Microsoft.AspNetCore.Builder;

namespace IssueObservatory.Mesh.Embedded;

/// <summary>The five services, wired as their own programs wire them.</summary>
internal static class AllServices
{
    public static readonly IReadOnlyList<string> Names = ["token-broker", "quota-governor", "collector", "normalizer", "refresh-scheduler"];

    public static void Add(WebApplicationBuilder builder)
    {
        builder.AddTokenBroker();
        builder.AddQuotaGovernor();
        builder.AddCollector();
        builder.AddNormalizer();
        builder.AddRefreshScheduler();
    }

    public static void Map(WebApplication app)
    {
        app.MapTokenBroker();
        app.MapQuotaGovernor();
        app.MapCollector();
        app.MapNormalizer();
        app.MapRefreshScheduler();
    }
}
