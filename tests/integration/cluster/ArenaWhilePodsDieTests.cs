using System.Globalization;
using System.Text.Json;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>The arena in Python that the README shows, told of both collectors, while every process of the mesh dies and comes back.</summary>
public sealed class ArenaWhilePodsDieTests(PythonStubs stubs) : ClusterTest, IClassFixture<PythonStubs>
{
    private const int Videos = 5_000;
    private const int VideosOfAPage = 100;

    private static readonly TimeSpan LongestPage = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task The_arena_has_every_record_once_and_no_gap_although_each_process_is_killed_on_the_way()
    {
        var python = await stubs.EnvironmentAsync();
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        cluster.Sandbox.Slow(TimeSpan.FromSeconds(1));

        await using var arena = RunningProgram.Start(Tools.Python, python, [Tools.Client("arena_example.py"), await KeyFileAsync(cluster), "#dkpol", "2026-01-01", "2026-01-31"]);

        // A request of a collector that died is answered to nobody: what counts is what the arena has.
        Task NextPageAsync()
        {
            var wanted = RecordsIn(arena.Output) + VideosOfAPage;
            return gate.PassUntilAsync(arena.OutputAsync(text => RecordsIn(text) >= wanted, LongestPage), Token);
        }

        foreach (var process in cluster.Processes.OrderBy(process => process.Name[^1]))
        {
            await NextPageAsync();
            await process.KillAsync();

            // The others go on without it.
            await NextPageAsync();
            process.Start();
            await process.ReadyAsync(RunningCluster.LongestStart, Token);
        }

        gate.Open();
        (await arena.ExitAsync(LongestPage)).ShouldBe(0, arena.Errors);
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
