using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>Two collectors on one MongoDB: no page is taken twice, and what one leaves the other takes up.</summary>
public sealed class SeveralCollectorsTests(MongoTestServer server) : IClassFixture<MongoTestServer>, IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly CollectionSpec Spec = new() { Terms = { "#dkpol" }, Days = new() { From = "2026-01-01", To = "2026-01-03" } };

    private readonly MongoCollectorStores stores = new(server);
    private readonly ManualTime time = new();
    private readonly QuotaBook quota = new();
    private readonly TokenBook tokens = new();
    private ScriptedTikTok tiktok = null!;

    public async ValueTask InitializeAsync() => tiktok = await ScriptedTikTok.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await tiktok.DisposeAsync();
        stores.Dispose();
    }

    [Fact]
    public async Task Two_that_share_the_work_ask_for_each_page_once_and_each_sees_the_others_progress()
    {
        await using var one = Start("one");
        await using var two = Start("two");
        var id = await RunningCollector.SubmitAsync(one.Commands, new() { Terms = { "#dkpol", "alpha", "beta", "gamma" }, Days = new() { From = "2026-01-01", To = "2026-01-03" } });

        await RunUntilAsync(2 * RunningCollector.Timers, one, two, async () => (await two.Store.FindAsync("default", id, None))!.HasEnded);

        tiktok.Requests.Count.ShouldBe(12);
        tiktok.Requests.Distinct().Count().ShouldBe(3);
        quota.Charged.ShouldBe(12);
        (await two.Store.FindAsync("default", id, None))!.ShouldSatisfyAllConditions(
            collection => collection.State.ShouldBe(CollectionState.Complete),
            collection => collection.Sent.ShouldBe(12),
            collection => collection.Ok.ShouldBe(12));
    }

    [Fact]
    public async Task What_a_dead_collector_had_on_its_way_is_taken_up_by_another_within_twelve_seconds()
    {
        var death = new Death(int.MaxValue, after: false);
        var dead = Start("one", death);
        var id = await RunningCollector.SubmitAsync(dead.Commands, Spec);
        await DieOnItsWayAsync(dead, death);
        var died = time.GetUtcNow();
        await using var two = Start("two");

        await RunUntilAsync(RunningCollector.Timers, two, two, async () => (await two.Store.ListInFlightAsync(None)).All(open => open.Holder!.Instance == "two"));

        (time.GetUtcNow() - died).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(13));
        (await two.RunToTheEndAsync(id)).ShouldBeTrue();
        await ShouldHaveLostOneRequestAsync(two, id);
    }

    [Fact]
    public async Task A_collector_that_comes_back_under_its_name_takes_up_at_once_what_it_had_on_its_way()
    {
        var death = new Death(int.MaxValue, after: false);
        var dead = Start("one", death);
        var id = await RunningCollector.SubmitAsync(dead.Commands, Spec);
        await DieOnItsWayAsync(dead, death);
        var died = time.GetUtcNow();
        await using var again = Start("one");

        await RunUntilAsync(RunningCollector.Timers, again, again, async () => (await again.Store.ListInFlightAsync(None)).All(open => open.Holder!.Epoch == 2));

        // Two steps until the dead one's own timers are gone, and one before this test looks again; a heartbeat would have to stand still for ten.
        (time.GetUtcNow() - died).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(3));
        (await again.RunToTheEndAsync(id)).ShouldBeTrue();
        await ShouldHaveLostOneRequestAsync(again, id);
    }

    [Fact]
    public async Task A_paused_collector_that_wakes_up_writes_nothing_late_and_sends_nothing_more()
    {
        var arrived = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        tiktok.OnPage2.Enqueue(async (context, page) =>
        {
            arrived.SetResult();
            await answer.Task;
            await context.Response.WriteAsync(page);
        });
        await using var paused = Start("one");
        var id = await RunningCollector.SubmitAsync(paused.Commands, Spec);
        await paused.StartAsync();
        await arrived.Task;
        await using var successor = Start("one");
        await RunUntilAsync(2 + RunningCollector.Timers, successor, successor, async () => (await successor.Store.FindAsync("default", id, None))!.HasEnded);
        var before = (await successor.Store.FindAsync("default", id, None))!;

        answer.SetResult();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await successor.Store.ListPagesAsync("default", onlyUnanswered: false, 0, 10, deadline.Token)).Count < 4)
        {
            await Task.Yield();
        }

        (await successor.Store.FindAsync("default", id, None))!.ShouldSatisfyAllConditions(
            collection => collection.State.ShouldBe(CollectionState.Complete),
            collection => collection.Sent.ShouldBe(before.Sent),
            collection => collection.Ok.ShouldBe(3),
            collection => collection.Failed.ShouldBe(1));
        tiktok.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_collector_that_sleeps_between_the_mark_and_the_socket_sends_nothing_late_and_the_unit_comes_back()
    {
        var sleeps = 1;
        quota.OnMark = () => time.Advance(sleeps-- > 0 ? TimeSpan.FromHours(3) : TimeSpan.Zero);
        await using var collector = Start("one");
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();

        tiktok.Requests.Count.ShouldBe(3);
        quota.Outcomes.Count(outcome => outcome is GrantOutcome.NeverSent).ShouldBe(1);
        quota.Charged.ShouldBe(3);
        (await collector.Store.FindAsync("default", id, None))!.ShouldSatisfyAllConditions(
            collection => collection.State.ShouldBe(CollectionState.Complete),
            collection => collection.Sent.ShouldBe(3));
    }

    [Fact]
    public async Task What_one_collector_brought_a_caller_counts_for_its_turn_at_the_other()
    {
        await using var one = Start("one");
        await using var two = Start("two");
        var first = (await one.Commands.SubmitAsync("default", "first", "", Spec, None)).Collection.CollectionId;
        time.Advance(TimeSpan.FromSeconds(1));
        await one.Commands.SubmitAsync("default", "second", "", new() { Terms = { "folketinget" }, Days = Spec.Days }, None);
        var open = await two.Store.ListOpenAsync(awake: null, time.GetUtcNow(), 8, None);
        open.Select(each => each.Caller).ShouldBe(["first", "second"]);

        await new CallerTurns(one.Store, quota).ChargeAsync("default", [first], 100, new() { Class = ApiErrorClass.Ok }, time.GetUtcNow(), None);

        (await new CallerTurns(two.Store, quota).OrderAsync(open, time.GetUtcNow(), None)).Select(each => each.Caller).ShouldBe(["second", "first"]);
    }

    private RunningCollector Start(string name, Death? death = null) => new(stores.Open("shared"), tiktok, time, quota, tokens, new(), death, name);

    /// <summary>Runs until page 2 is on its way, and then never again.</summary>
    private async Task DieOnItsWayAsync(RunningCollector collector, Death death)
    {
        var arrived = new TaskCompletionSource();
        tiktok.OnPage2.Enqueue(async (context, _) =>
        {
            death.Now();
            arrived.SetResult();
            await ScriptedTikTok.SilenceAsync(context, "");
        });
        await collector.StartAsync();
        await arrived.Task;
    }

    private async Task RunUntilAsync(int timers, RunningCollector one, RunningCollector two, Func<Task<bool>> condition)
    {
        await one.StartAsync();
        await two.StartAsync();
        while (!await condition())
        {
            await time.UntilArmedAsync(timers, None);
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private async Task ShouldHaveLostOneRequestAsync(RunningCollector collector, string id)
    {
        tiktok.Requests.Count.ShouldBe(4);
        quota.Outcomes.Count(outcome => outcome is GrantOutcome.Unknown).ShouldBe(1);
        (await collector.Store.FindAsync("default", id, None))!.ShouldSatisfyAllConditions(
            collection => collection.State.ShouldBe(CollectionState.Complete),
            collection => collection.Sent.ShouldBe(4),
            collection => collection.Failed.ShouldBe(1));
    }
}
