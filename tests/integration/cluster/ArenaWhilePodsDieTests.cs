using System.Globalization;
using System.Text.Json;
using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>The arena in Python that the README shows, told of both collectors, while every process of the mesh dies and comes back.</summary>
public sealed class ArenaWhilePodsDieTests(PythonStubs stubs) : ClusterTest, IClassFixture<PythonStubs>
{
    private const int Videos = 1_400;
    private const int RecordsBetweenKills = 100;

    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(300);
    private static readonly TimeSpan OfAPage = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task The_arena_has_every_record_once_and_no_gap_although_each_process_is_killed_on_the_way()
    {
        var python = await stubs.EnvironmentAsync();
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var cluster = await StartAsync(new());
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        cluster.Sandbox.Script.Enqueue(SandboxMatch.VideoQuery, [.. Enumerable.Repeat(SandboxReply.DelayThenNormal(OfAPage), expected.Requests)]);

        await using var arena = RunningProgram.Start(Tools.Python, python, [Tools.Client("arena_example.py"), await KeyFileAsync(cluster), "#dkpol", "2026-01-01", "2026-01-31"]);
        var kills = 0;
        foreach (var process in cluster.Processes.OrderBy(process => process.Name[^1]))
        {
            kills++;
            await arena.OutputAsync(text => RecordsIn(text) >= kills * RecordsBetweenKills, LongestRun);
            arena.HasExited.ShouldBeFalse("otherwise nobody was there to notice the kill");
            await process.KillAsync();

            // The others go on without it. Then the collection waits, or it would be over before the last of them has died.
            await arena.OutputAsync(text => RecordsIn(text) > kills * RecordsBetweenKills, LongestRun);
            using var caller = cluster.Caller(cluster.Process("collector", 0).IsRunning ? 0 : 1);
            var collection = (await caller.Arena.ListCollectionsAsync(new(), caller.Key, cancellationToken: Token)).Collections.Single().CollectionId;
            await caller.Arena.PauseCollectionAsync(new() { CollectionId = collection }, caller.Key, cancellationToken: Token);
            process.Start();
            await process.ReadyAsync(RunningCluster.LongestStart, Token);
            await caller.Arena.ResumeCollectionAsync(new() { CollectionId = collection }, caller.Key, cancellationToken: Token);
        }

        (await arena.ExitAsync(LongestRun)).ShouldBe(0, arena.Errors);
        var lines = arena.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(line => line.StartsWith("record ", StringComparison.Ordinal));
        lines.Select(line => line.Split(' ')[1]).Order(StringComparer.Ordinal).ShouldBe(Truth());
        await ClusterInvariants.CheckAsync(cluster, expected with { Repeated = cluster.Of("collector").Count, Leaked = cluster.Of("collector").Count }, Token);
    }

    private static int RecordsIn(string text) => text.AsSpan().Count("record ");

    private static IEnumerable<string> Truth() =>
        Enumerable.Range(0, Videos).Select(MeshLab.Video).Select(video => video.Id.ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal);

    /// <summary>As <c>mesh up</c> writes one, with a target of gRPC's that names both collectors: who cannot reach the first asks the second.</summary>
    private static async Task<string> KeyFileAsync(RunningCluster cluster)
    {
        var file = cluster.PathOf("arena.json");
        var address = $"ipv4:{string.Join(',', cluster.Of("collector").Select(collector => collector.Callers.Authority))}";
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { address, key = cluster.CallerKey }), Token);
        return file;
    }
}
