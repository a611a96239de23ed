using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Sandbox;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>What a test may have cost, and what must be there after it.</summary>
/// <param name="Records">Every record, as <see cref="ExportedRecords"/> reads them.</param>
/// <param name="Requests">Video queries that an undisturbed collection sends.</param>
internal sealed record ClusterExpectation(IReadOnlyDictionary<string, string> Records, int Requests)
{
    /// <summary>Requests that may have been sent again.</summary>
    public int Repeated { get; init; }

    /// <summary>Units that may be charged without a request that TikTok counted.</summary>
    public int Leaked { get; init; }

    /// <summary>Units that the account has a day.</summary>
    public int DailyRequests { get; init; } = 1000;
}

/// <summary>What holds after every test, seen from outside: the sandbox's log, the export, the budget and what was logged.</summary>
internal static class ClusterInvariants
{
    /// <summary>The names in <see cref="Mesh.MeshLab.Video"/>, what is searched for, how tokens begin, and the secrets of this cluster.</summary>
    private static readonly string[] NotToBeLogged = ["opdigtet", "dkpol", "clt.", SharedSettings.ClientSecret, "guest:guest"];

    public static async Task CheckAsync(RunningCluster cluster, ClusterExpectation expected, CancellationToken cancellationToken)
    {
        CheckRequests(cluster.Sandbox.Log, expected);
        await CheckBudgetAsync(cluster, expected, cancellationToken);
        await CheckExportAsync(cluster, expected, cancellationToken);
        CheckLogs(cluster);
    }

    private static void CheckRequests(SandboxLog log, ClusterExpectation expected)
    {
        foreach (var day in log.All.Where(request => request.Counted).Select(request => DateOnly.FromDateTime(request.At.UtcDateTime)).Distinct())
        {
            log.CountedOn(day).ShouldBeLessThanOrEqualTo(expected.DailyRequests, $"requests on {day}");
        }

        log.Of(SandboxEndpoint.VideoQuery).Count.ShouldBeInRange(expected.Requests, expected.Requests + expected.Repeated, "video queries that were sent");
    }

    /// <summary>Each counted request has its unit, and nothing but what the test allows was charged beside them.</summary>
    private static async Task CheckBudgetAsync(RunningCluster cluster, ClusterExpectation expected, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(cluster.Of("quota-governor").First(process => process.IsRunning).Internal);
        var key = cluster.AsService;
        var answer = await new V1.QuotaGovernor.QuotaGovernorClient(channel).GetQuotaAsync(new(), key, cancellationToken: cancellationToken);
        var budget = answer.Quotas.Single(quota => quota.Bucket is QuotaBucket.Research && quota.Account == "default");
        var counted = cluster.Sandbox.Log.CountedOn(DateOnly.ParseExact(budget.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture));
        budget.Used.ShouldBeInRange(counted, counted + expected.Leaked, "units that are charged");
        budget.Used.ShouldBeLessThanOrEqualTo(budget.Limit);

        // A grant whose holder died holds its place until it expires.
        budget.InFlight.ShouldBeLessThanOrEqualTo(expected.Leaked);
    }

    private static async Task CheckExportAsync(RunningCluster cluster, ClusterExpectation expected, CancellationToken cancellationToken)
    {
        var file = cluster.PathOf($"{Guid.NewGuid():N}.ndjson");
        var collector = cluster.Of("collector").Index().First(process => process.Item.IsRunning).Index;
        var exported = await cluster.MeshAsync(collector, cancellationToken, "export", "--format", "ndjson", "--out", file);
        exported.ExitCode.ShouldBe(0, exported.Errors);
        exported.Errors.ShouldNotContain("gap");
        var records = ExportedRecords.Read(await File.ReadAllLinesAsync(file, cancellationToken));
        records.Keys.ShouldBe(expected.Records.Keys);
        foreach (var (id, record) in records)
        {
            record.ShouldBe(expected.Records[id]);
        }
    }

    private static void CheckLogs(RunningCluster cluster)
    {
        foreach (var process in cluster.Processes)
        {
            foreach (var word in (string[])[.. NotToBeLogged, cluster.CallerKey, cluster.InternalKey, cluster.RedisPassword])
            {
                process.Log.Contains(word, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{process.Name} must not log {word}");
            }
        }
    }
}
