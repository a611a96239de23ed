using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Integration.Mesh;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Two of each service leave what one process leaves.</summary>
public sealed class SameAsEmbeddedTests : ClusterTest
{
    private const int Videos = 450;

    private static string[] Collect => ["collect", "terms", "#dkpol", "--region", "DK", "--from", "2026-01-01", "--to", "2026-01-31", "--json"];

    [Fact]
    public async Task Two_of_each_service_export_what_one_process_exports()
    {
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var cluster = await StartAsync(new());
        EmbeddedRun.Fill(cluster.Sandbox, Videos);

        var collected = await cluster.MeshAsync(0, Token, Collect);

        collected.ExitCode.ShouldBe(0, collected.Errors);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
        var seenElsewhere = await cluster.MeshAsync(1, Token, Collect);
        seenElsewhere.Json.GetProperty("collection_id").GetString().ShouldBe(collected.Json.GetProperty("collection_id").GetString());
        seenElsewhere.Json.GetProperty("records").ToString().ShouldBe(collected.Json.GetProperty("records").ToString());
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }

    [Fact]
    public async Task Stopping_one_process_after_the_other_costs_nothing()
    {
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var cluster = await StartAsync(new());
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        var collecting = cluster.MeshAsync(0, Token, Collect);

        foreach (var service in ServiceProcess.Services)
        {
            var process = cluster.Process(service, 1);
            (await process.StopAsync()).ShouldBe(0, process.Log);
            process.Start();
            await process.ReadyAsync(RunningCluster.LongestStart, Token);
        }

        var collected = await collecting;
        collected.ExitCode.ShouldBe(0, collected.Errors);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }
}
