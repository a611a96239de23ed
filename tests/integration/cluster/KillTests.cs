using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Tests;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>kill -9 for processes of a cluster while it collects: no record is lost or doubled, and a kill costs one request and one unit at most.</summary>
public sealed class KillTests : ClusterTest
{
    private const int Kills = 60;
    private const int Videos = 3_000;

    /// <summary>Each of 78 deaths waits for one to three pages that come by.</summary>
    private const int ManyVideos = 30_000;

    private const int LongestPauseMilliseconds = 900;

    /// <summary>Places that every collection comes by, and a service whose processes do.</summary>
    private static readonly (string Place, string Service)[] OnTheWay =
    [
        (FailpointNames.CollectorAfterReserve, "collector"), (FailpointNames.CollectorAfterBegin, "collector"), (FailpointNames.CollectorAfterMark, "collector"),
        (FailpointNames.CollectorAfterSend, "collector"), (FailpointNames.CollectorAfterSettle, "collector"), (FailpointNames.CollectorAfterBody, "collector"),
        (FailpointNames.CollectorAfterKeep, "collector"), (FailpointNames.CollectorAfterPublish, "collector"), (FailpointNames.CollectorBeforeNormalized, "collector"),
        (FailpointNames.CollectorAfterNormalized, "collector"), (FailpointNames.StoreBeforeCommit, "collector"), (FailpointNames.StoreAfterCommit, "collector"),
        (FailpointNames.StoreHalfApplied, "collector"), (FailpointNames.StoreBeforeClear, "collector"), (FailpointNames.EventReceived, "normalizer"),
        (FailpointNames.NormalizerAfterRead, "normalizer"), (FailpointNames.StoreAfterCommit, "normalizer"), (FailpointNames.StoreHalfApplied, "normalizer"),
        (FailpointNames.NormalizerAfterKeep, "normalizer"), (FailpointNames.NormalizerAfterPublish, "normalizer"), (FailpointNames.EventHandled, "normalizer"),
        (FailpointNames.GovernorBeforeReserve, "quota-governor"), (FailpointNames.GovernorAfterReserve, "quota-governor"), (FailpointNames.GovernorBeforeSettle, "quota-governor"),
        (FailpointNames.GovernorAfterSettle, "quota-governor"), (FailpointNames.SchedulerAfterSchedule, "refresh-scheduler"),
    ];

    [Fact]
    public async Task Sixty_kills_at_random_moments_lose_nothing_and_cost_a_request_and_a_unit_each_at_most()
    {
        var random = new Random(20261124);
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        var collection = SlowCollection.Begin(cluster, gate, Videos, Token);
        await collection.PagesAsync(1, Token);

        var collectors = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            // A page for every other kill: there are some left at the end.
            _ = kill % 2 == 0 && gate.TryPass();
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestPauseMilliseconds)), TimeProvider.System, Token);
            var process = cluster.Processes[random.Next(cluster.Processes.Count)];
            await process.KillAsync();
            process.Start();
            collectors += process.Service == "collector" ? 1 : 0;
        }

        await CheckAsync(cluster, collection, expected with { Repeated = collectors, Leaked = Kills });
    }

    [Fact]
    public async Task A_kill_between_any_two_steps_loses_nothing()
    {
        Assert.SkipUnless(Servers.AllFaults, "One of all faults.");
        var places = new[] { 1, 2, 3 }.SelectMany(hit => OnTheWay.Select(each => (each.Place, each.Service, Hit: hit))).ToList();
        var expected = await EmbeddedRun.OfAsync(ManyVideos, Token);
        var gate = new PageGate();
        var cluster = await StartAsync(SlowCollection.Cluster(gate));
        var collection = SlowCollection.Begin(cluster, gate, ManyVideos, Token);
        await collection.PagesAsync(1, Token);

        foreach (var (place, service, hit) in places)
        {
            await cluster.DieAsync(collection, service, $"{place}=kill@{hit}", Token);
            await cluster.ReviveAsync(service, Token);
        }

        // The other collector is stopped first, while an answer is held back from it for longer than it may wait: its request may be sent again as well.
        var collectors = places.Count(each => each.Service == "collector");
        await CheckAsync(cluster, collection, expected with { Repeated = 2 * collectors, Leaked = places.Count });
    }

    private static async Task CheckAsync(RunningCluster cluster, SlowCollection collection, ClusterExpectation expected)
    {
        await cluster.ReadyAsync(Token);
        await collection.CompleteAsync(Token);
        await EventInvariants.CheckAsync(cluster, expected.Records.Count, Token);
        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }
}
