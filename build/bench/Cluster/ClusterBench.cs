using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Grpc.Core;
using IssueObservatory.Mesh.Integration.Cluster;
using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Integration.Mesh;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Bench;

/// <summary>
/// Two processes of each service over real Redis, real RabbitMQ and the tests' MongoDB server: how long a page needs from TikTok's answer to the stream of an arena,
/// how much memory a process has when it is idle afterwards, and how long one needs from its start until it is ready. Informs only.
/// </summary>
internal sealed class ClusterBench : IBench
{
    private const int Pages = 300;
    private const int VideosOfAPage = 100;
    private const double KibibytesOfAMebibyte = 1024;

    /// <summary>Of a page; with the rest of its way about five pages a second.</summary>
    private static readonly TimeSpan TikTokThinks = TimeSpan.FromMilliseconds(170);

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public string Name => "cluster";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (RabbitMqServer.Missing is not null)
        {
            await Console.Error.WriteLineAsync($"cluster is left out: {RabbitMqServer.Missing}.");
            yield break;
        }

        await using var cluster = await RunningCluster.StartAsync(new() { Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["QuotaGovernor__RequestsPerSecond"] = "0" } }, cancellationToken);
        EmbeddedRun.Fill(cluster.Sandbox, Pages * VideosOfAPage);
        cluster.Sandbox.Slow(TikTokThinks);

        var (milliseconds, pagesPerSecond) = await CollectAsync(cluster, cancellationToken);
        yield return new() { What = "pages", Unit = "pages/s", Ours = pagesPerSecond };
        yield return new() { What = "page to the last of its records in the arena's stream, p50", Unit = "ms", Ours = Percentile(milliseconds, 0.50) };
        yield return new() { What = "the same, p99", Unit = "ms", Ours = Percentile(milliseconds, 0.99) };

        await Task.Delay(Idle, TimeProvider.System, cancellationToken);
        foreach (var service in ServiceProcess.Services)
        {
            yield return new() { What = $"{service}, idle, the larger of two", Unit = "MiB", Ours = cluster.Of(service).Max(Resident) };
        }

        foreach (var process in ServiceProcess.Services.Select(service => cluster.Process(service, 1)))
        {
            await process.StopAsync();
            process.Start();
            yield return new() { What = $"{process.Service}, start to ready", Unit = "ms", Ours = (await process.ReadyAsync(RunningCluster.LongestStart, cancellationToken)).TotalMilliseconds };
        }
    }

    /// <summary>Milliseconds of each page, sorted, and pages a second.</summary>
    private static async Task<(IReadOnlyList<double> Milliseconds, double PagesPerSecond)> CollectAsync(RunningCluster cluster, CancellationToken cancellationToken)
    {
        using var arena = cluster.Caller(1);
        var seen = new ConcurrentDictionary<long, DateTimeOffset>();
        var request = new CollectRecordsRequest { Spec = new() { Terms = { "#dkpol" }, Days = new() { From = "2026-01-01", To = "2026-01-31" } } };
        using var stream = arena.Arena.CollectRecords(request, arena.Key, cancellationToken: cancellationToken);
        await foreach (var answer in stream.ResponseStream.ReadAllAsync(cancellationToken))
        {
            if (answer.Record is { } record)
            {
                seen.TryAdd(long.Parse(record.Record.PlatformId, CultureInfo.InvariantCulture), TimeProvider.System.GetUtcNow());
            }
        }

        // Videos come newest first, so the n-th page holds the n-th hundred of the ids.
        var answered = cluster.Sandbox.Log.Of(SandboxEndpoint.VideoQuery).Select(query => query.At + TikTokThinks).ToList();
        var visible = seen.OrderByDescending(each => each.Key).Chunk(VideosOfAPage).Select(page => page.Max(each => each.Value));
        return (
            [.. visible.Zip(answered, (end, begin) => (end - begin).TotalMilliseconds).Order()],
            answered.Count / (answered[^1] - answered[0]).TotalSeconds);
    }

    private static double Percentile(IReadOnlyList<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    private static double Resident(ServiceProcess process)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / KibibytesOfAMebibyte;
    }
}
