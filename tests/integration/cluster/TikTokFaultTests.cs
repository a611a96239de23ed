using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>
/// What the Research API may do to a page, to two collectors: the cases of <see cref="PageTwoFaultTests"/> and <see cref="HostileReplyTests"/>,
/// all in one collection, one after the other.
/// </summary>
public sealed class TikTokFaultTests : ClusterTest
{
    /// <summary>So many faults one after the other look like an outage. When a page that was to tell fails, too, it takes two requests more to find that it is none.</summary>
    private const int Controls = 2;

    private static readonly string[] Sample = ["500 twice", "cut mid-body", "401 once", "20 MiB", "search id lost for good"];

    [Fact]
    public async Task A_collection_with_a_fault_on_every_page_has_every_video()
    {
        IReadOnlyList<string> faults = Servers.AllFaults ? [.. PageTwoFaults.All.Keys] : Sample;
        var videos = (faults.Count + 2) * 100;
        var expected = await EmbeddedRun.OfAsync(videos, Token);
        var cluster = await StartAsync(new());
        EmbeddedRun.Fill(cluster.Sandbox, videos);
        foreach (var fault in faults)
        {
            cluster.Sandbox.Script.Enqueue(SandboxMatch.LaterPage, [.. PageTwoFaults.All[fault], SandboxReply.PassThrough]);
        }

        var collected = await CollectAsync(cluster, "01");

        collected.ExitCode.ShouldBe(0, collected.Errors);
        cluster.Sandbox.Script.Remaining.ShouldBe(0, "otherwise some fault was not met");
        await ClusterInvariants.CheckAsync(cluster, expected with { Repeated = faults.Sum(PageTwoFaults.CostOf) + (Servers.AllFaults ? Controls : 0), Leaked = faults.Sum(PageTwoFaults.LeakOf) }, Token);
        await BadMonthsAreGapsAsync(cluster);
    }

    private static async Task BadMonthsAreGapsAsync(RunningCluster cluster)
    {
        var before = cluster.Sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count;

        // After four failures in a row two controls find that TikTok answers others.
        var garbage = SandboxReply.Json("not JSON");
        cluster.Sandbox.Script.Enqueue(SandboxMatch.FirstPage, [garbage, garbage, garbage, garbage, SandboxReply.PassThrough, SandboxReply.PassThrough, garbage]);
        (await CollectAsync(cluster, "02")).ExitCode.ShouldBe(3);
        cluster.Sandbox.Script.Enqueue(SandboxMatch.VideoQuery, [.. Enumerable.Repeat(SandboxReply.Json(HostileReplyTests.EndlessPage), 3)]);
        (await CollectAsync(cluster, "03")).ExitCode.ShouldBe(3);

        (cluster.Sandbox.Log.Of(SandboxEndpoint.VideoQuery).Count - before).ShouldBe(7 + 3);
    }

    private static Task<ProgramResult> CollectAsync(RunningCluster cluster, string month) =>
        cluster.MeshAsync(0, Token, "collect", "terms", "#dkpol", "--region", "DK", "--from", $"2026-{month}-01", "--to", $"2026-{month}-{(month == "02" ? 28 : 31)}", "--json");
}
