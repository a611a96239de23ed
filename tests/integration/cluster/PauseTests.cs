using IssueObservatory.Mesh.Tests;
using IssueObservatory.Mesh.Integration.Hosts;
using IssueObservatory.Mesh.Integration.Mesh;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>A process stands still at the worst places, for longer than anybody waits for it, and wakes up when another one has its work.</summary>
public sealed class PauseTests : ClusterTest
{
    private const int Videos = 3000;

    private static readonly TimeSpan Page = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTakeover = TimeSpan.FromSeconds(30);

    /// <summary>Waking up later than this after a mark, nobody may send any more.</summary>
    private static readonly TimeSpan LongerThanAMarkIsGood = TimeSpan.FromSeconds(6);

    private static readonly Dictionary<string, string> QuickToGiveUp = new(StringComparer.Ordinal)
    {
        ["Collector__HeartbeatSeconds"] = "0.5",
        ["Collector__HeartbeatGoodForSeconds"] = "3",
        ["QuotaGovernor__GrantLifetime"] = "00:00:02",
    };

    [Fact]
    public async Task A_collector_that_stood_still_sends_nothing_late_and_writes_nothing_late()
    {
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var cluster = await StartAsync(new() { Settings = QuickToGiveUp });
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        cluster.Sandbox.Slow(Page);
        var (sleeper, other) = (cluster.Process("collector", 0), cluster.Process("collector", 1));
        string collection;
        using (var arena = cluster.Caller(0))
        {
            collection = await arena.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token);
        }

        await cluster.Sandbox.MorePagesAsync(1, LongestTakeover, Token);
        foreach (var place in (string[])["collector.after_reserve", "collector.after_begin", "collector.after_mark", "collector.after_send", "collector.after_settle"])
        {
            (await other.StopAsync()).ShouldBe(0, other.Log);
            await sleeper.StartAgainAsync($"{place}=pause@2", Token);
            await sleeper.StandsStillAsync(Token);
            var stoodStill = TimeProvider.System.GetTimestamp();

            other.Start();
            await other.ReadyAsync(RunningCluster.LongestStart, Token);
            await cluster.Sandbox.MorePagesAsync(2, LongestTakeover, Token);
            await Task.Delay(Max(TimeSpan.Zero, LongerThanAMarkIsGood - TimeProvider.System.GetElapsedTime(stoodStill)), TimeProvider.System, Token);
            cluster.Sandbox.Pages().ShouldBeLessThan(expected.Requests, "the collection must still run");

            await sleeper.ContinueAsync();
            await sleeper.ReadyAsync(RunningCluster.LongestStart, Token);
        }

        await sleeper.WritesAsync("it is not sent", Token);
        cluster.Sandbox.Hurry();
        await EndedAsync(cluster, collection);

        // What came to a sleeper is asked for again by the other: after_send and after_settle. What it had only marked or begun is a unit that nobody used.
        await ClusterInvariants.CheckAsync(cluster, expected with { Repeated = 2, Leaked = 2 }, Token);
    }

    [Theory]
    [InlineData("governor.after_reserve")]
    [InlineData("governor.after_settle")]
    public async Task A_governor_that_stands_still_between_decision_and_answer_delays_and_costs_nothing(string place)
    {
        Assert.SkipUnless(Servers.AllFaults || place is "governor.after_reserve", "One of all faults.");
        const int Few = 900;
        var expected = await EmbeddedRun.OfAsync(Few, Token);
        var cluster = await StartAsync(new());
        EmbeddedRun.Fill(cluster.Sandbox, Few);
        var sleeper = cluster.Process("quota-governor", 0);
        await sleeper.StartAgainAsync($"{place}=pause@2", Token);
        using var arena = cluster.Caller(0);
        var collection = await arena.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token);

        await sleeper.StandsStillAsync(Token);
        await EndedAsync(cluster, collection);
        await sleeper.ContinueAsync();
        await sleeper.ReadyAsync(RunningCluster.LongestStart, Token);

        await ClusterInvariants.CheckAsync(cluster, expected, Token);
    }

    [Theory]
    [InlineData("collector", "collector.after_mark")]
    [InlineData("collector", "collector.after_send")]
    [InlineData("quota-governor", "governor.after_reserve")]
    public async Task Who_stood_still_over_midnight_spends_nothing_of_the_other_day(string service, string place)
    {
        Assert.SkipUnless(Servers.AllFaults || place is "collector.after_mark", "One of all faults.");
        var expected = await EmbeddedRun.OfAsync(Videos, Token);
        var midnight = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        using var clock = new ClusterClock(midnight - TimeSpan.FromMinutes(30));
        var cluster = await StartAsync(new()
        {
            Sandbox = new() { EmptyWorld = true, Time = clock.Time },
            // A governor that stands still holds each call up for a moment: a grant must live longer than that.
            Settings = new Dictionary<string, string>([.. service == "collector" ? QuickToGiveUp : [], .. clock.Settings], StringComparer.Ordinal),
        });
        EmbeddedRun.Fill(cluster.Sandbox, Videos);
        cluster.Sandbox.Slow(Page);
        string collection;
        using (var arena = cluster.Caller(0))
        {
            collection = await arena.SubmitAsync("#dkpol", "2026-01-01", "2026-01-31", Token);
        }

        await cluster.Sandbox.MorePagesAsync(1, LongestTakeover, Token);
        var (sleeper, other) = (cluster.Process(service, 0), cluster.Process(service, 1));
        (await other.StopAsync()).ShouldBe(0, other.Log);
        await sleeper.StartWithAsync($"{place}=pause@2");
        await sleeper.StandsStillAsync(Token);

        clock.MoveTo(midnight + TimeSpan.FromHours(2.5));
        other.Start();
        await other.ReadyAsync(RunningCluster.LongestStart, Token);
        await cluster.Sandbox.MorePagesAsync(2, LongestTakeover, Token);
        cluster.Sandbox.Pages().ShouldBeLessThan(expected.Requests, "the collection must still run");
        await sleeper.ContinueAsync();
        await sleeper.ReadyAsync(RunningCluster.LongestStart, Token);
        if (place is "collector.after_mark")
        {
            await sleeper.WritesAsync("it is not sent", Token);
        }

        cluster.Sandbox.Hurry();
        await EndedAsync(cluster, collection);

        // The answer that came to a sleeper is asked for again; what was granted before midnight and is not known to be unsent is paid by both days.
        var log = cluster.Sandbox.Log;
        log.CountedOn(DateOnly.FromDateTime(midnight.UtcDateTime)).ShouldBeGreaterThan(0);
        log.CountedOn(DateOnly.FromDateTime(midnight.UtcDateTime).AddDays(-1)).ShouldBeGreaterThan(0);
        await ClusterInvariants.CheckAsync(cluster, expected with { Repeated = place is "collector.after_send" ? 1 : 0, Leaked = 1 }, Token);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static async Task EndedAsync(RunningCluster cluster, string collection)
    {
        using var arena = cluster.Caller(1);
        await arena.UntilAsync(collection, status => status.State is V1.CollectionState.Complete, Token);
    }
}
