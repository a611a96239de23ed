using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>The runner, the sender and a store together, against a server on loopback.</summary>
public abstract partial class CollectionTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly CollectionSpec Spec = new() { Terms = { "#dkpol" }, Days = new() { From = "2026-01-01", To = "2026-01-03" } };

    private readonly ManualTime time = new();
    private readonly QuotaBook quota = new();
    private readonly TokenBook tokens = new();
    private readonly ReadyNormalizer normalizer = new();
    private ScriptedTikTok tiktok = null!;

    public async ValueTask InitializeAsync() => tiktok = await ScriptedTikTok.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await tiktok.DisposeAsync();
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store of this name, with what an earlier process left in it.</summary>
    private protected abstract ICollectorStore OpenStore(string name);

    /// <summary>Every how manieth call a process is killed at.</summary>
    private protected virtual int CallsBetweenKills => 1;

    private protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("no fault", 0)]
    [InlineData("500 twice", 2)]
    [InlineData("search id invalid three times", 3)]
    [InlineData("truncated JSON", 1)]
    [InlineData("connection cut", 1)]
    [InlineData("HTML 504 twice", 2)]
    [InlineData("rate limit twice", 2)]
    [InlineData("401", 1)]
    [InlineData("never answers", 1)]
    public async Task A_fault_on_page_2_costs_one_request_each_and_no_video(string fault, int injected)
    {
        FaultsOf(fault).ToList().ForEach(tiktok.OnPage2.Enqueue);
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();

        (await VideosAsync(collector.Store)).ShouldBe(tiktok.Ids, ignoreOrder: true);
        tiktok.Requests.Count.ShouldBe(3 + injected);
        quota.Charged.ShouldBe(3 + injected);
        tokens.Rejected.ShouldBe(fault == "401" ? 1 : 0);
        var facts = (await collector.Store.ReadFactsAsync("default", id, None))!;
        facts.Collection.ShouldSatisfyAllConditions(
            collection => collection.State.ShouldBe(CollectionState.Complete),
            collection => collection.Sent.ShouldBe(3 + injected),
            collection => collection.Ok.ShouldBe(3),
            collection => collection.Failed.ShouldBe(injected));
        Progress.Of(facts).Complete.ShouldBe(3);
    }

    [Fact]
    public async Task A_search_that_stays_lost_goes_on_by_date_and_loses_no_video()
    {
        for (var i = 0; i < 5; i++)
        {
            tiktok.OnPage2.Enqueue(ScriptedTikTok.Error(400, "invalid_params", "Search Id 7160776277492814854 is invalid or expired"));
        }

        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);
        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();

        (await VideosAsync(collector.Store)).ShouldBe(tiktok.Ids, ignoreOrder: true);
        (await collector.Store.FindAsync("default", id, None))!.State.ShouldBe(CollectionState.Complete);
        tiktok.Requests.Count.ShouldBeLessThanOrEqualTo(3 + 5 + 1);
    }

    [Fact]
    public async Task A_500_that_sticks_is_confirmed_once_and_explored_and_then_a_gap_until_a_probe_succeeds()
    {
        tiktok.Always = context => ScriptedTikTok.Error(500, "internal_error")(context, "");
        string id;
        await using (var first = Start())
        {
            id = await RunningCollector.SubmitAsync(first.Commands, Spec);
            (await first.RunToTheEndAsync(id)).ShouldBeTrue();

            // The window twice, then each of its days; two controls say that it is the days.
            tiktok.Requests.Count.ShouldBe(5);
            tiktok.Controls.Count.ShouldBe(2);
            var again = (await first.Commands.SubmitAsync("default", "", "", Spec, None)).Collection;
            again.CollectionId.ShouldBe(id);
            (await first.Store.FindAsync("default", id, None))!.State.ShouldBe(CollectionState.CompleteWithGaps);
        }

        // Nobody works meanwhile: a clock that passes four days has nobody to wake.
        tiktok.Always = null;
        time.SetUtcNow(time.GetUtcNow().AddDays(4));
        await using var collector = Start();

        // A probe of one day wakes the two behind it; the next look reads them.
        await collector.Commands.SubmitAsync("default", "", "", Spec, None);
        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
        (await collector.Store.FindAsync("default", id, None))!.State.ShouldBe(CollectionState.CompleteWithGaps);
        await collector.Commands.SubmitAsync("default", "", "", Spec, None);
        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
        (await collector.Store.FindAsync("default", id, None))!.State.ShouldBe(CollectionState.Complete);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kill_at_any_point_repeats_at_most_one_request_and_loses_nothing(bool after)
    {
        for (var call = 1; ; call += CallsBetweenKills)
        {
            await using var server = await ScriptedTikTok.StartAsync();
            var books = new QuotaBook();
            var name = $"{after}{call}";
            await using (var first = new RunningCollector(OpenStore(name), server, time, books, tokens, normalizer))
            {
                await RunningCollector.SubmitAsync(first.Commands, Spec);
            }

            bool survived;
            await using (var doomed = new RunningCollector(OpenStore(name), server, time, books, tokens, normalizer, new(call, after)))
            {
                survived = await doomed.RunUntilAsync(AllEndedAsync);
            }

            await using var second = new RunningCollector(OpenStore(name), server, time, books, tokens, normalizer);
            await second.Sweep.OnceAsync(time.GetUtcNow().AddSeconds(1), None);
            (await second.RunUntilAsync(AllEndedAsync)).ShouldBeTrue();

            server.Requests.Count.ShouldBeLessThanOrEqualTo(4, $"killed at call {call}");
            books.Charged.ShouldBeGreaterThanOrEqualTo(server.Requests.Count, $"killed at call {call}");
            (await VideosAsync(second.Store)).ShouldBe(server.Ids, ignoreOrder: true);
            var collection = (await second.Store.ListAsync("default", "", 10, None)).ShouldHaveSingleItem();
            collection.State.ShouldBe(CollectionState.Complete);
            collection.Sent.ShouldBe(collection.Ok + collection.Failed, $"killed at call {call}");
            if (survived)
            {
                call.ShouldBeGreaterThan(20);
                return;
            }
        }

        static async Task<bool> AllEndedAsync(ICollectorStore store) => (await store.ListUnfinishedAsync(None)).Count == 0;
    }

    [Fact]
    public async Task While_the_day_is_spent_nobody_is_asked_without_rest_and_the_next_day_goes_on()
    {
        var open = time.GetUtcNow().AddMinutes(10);
        quota.Refuse = _ => time.GetUtcNow() < open ? new() { Reason = RefusalReason.DaySpent, RetryAt = open.ToTimestamp() } : null;
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);

        (await collector.RunUntilAsync(async store => (await store.FindAsync("default", id, None))!.State is CollectionState.WaitingForQuota && time.GetUtcNow() > open.AddMinutes(-1))).ShouldBeTrue();
        quota.Asked.ShouldBeLessThan(600);
        tiktok.Requests.ShouldBeEmpty();
        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
        tiktok.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task One_lab_without_quota_does_not_hold_up_another()
    {
        quota.Refuse = lab => lab == "poor" ? new() { Reason = RefusalReason.DaySpent, RetryAt = time.GetUtcNow().AddHours(5).ToTimestamp() } : null;
        await using var collector = Start();
        var poor = await RunningCollector.SubmitAsync(collector.Commands, Spec, "poor");
        time.Advance(TimeSpan.FromSeconds(1));
        var rich = await RunningCollector.SubmitAsync(collector.Commands, Spec, "rich");

        (await collector.RunToTheEndAsync(rich, "rich")).ShouldBeTrue();

        (await collector.Store.FindAsync("poor", poor, None))!.State.ShouldBe(CollectionState.WaitingForQuota);
        (await collector.Store.FindAsync("rich", rich, None))!.State.ShouldBe(CollectionState.Complete);
    }

    [Fact]
    public async Task One_budget_that_is_spent_holds_up_neither_the_other_nor_what_it_pays_for()
    {
        quota.RefuseOf = bucket => bucket is QuotaBucket.Follow ? new() { Reason = RefusalReason.DaySpent, RetryAt = time.GetUtcNow().AddHours(5).ToTimestamp() } : null;
        await using var collector = Start();
        var followers = new CollectionSpec { List = ApiEndpoint.Followers, Subjects = { Enumerable.Range(0, 20).Select(i => $"user{i}") } };
        var waiting = await RunningCollector.SubmitAsync(collector.Commands, followers);
        (await collector.RunUntilAsync(async store => (await store.FindAsync("default", waiting, None))!.State is CollectionState.WaitingForQuota)).ShouldBeTrue();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();

        (await collector.Store.FindAsync("default", id, None))!.ShouldSatisfyAllConditions(
            collection => collection.State.ShouldBe(CollectionState.Complete),
            collection => collection.Bucket.ShouldBe(QuotaBucket.Research));
        (await collector.Store.FindAsync("default", waiting, None))!.ShouldSatisfyAllConditions(
            collection => collection.State.ShouldBe(CollectionState.WaitingForQuota),
            collection => collection.Bucket.ShouldBe(QuotaBucket.Follow));
        quota.Granted.ShouldBe(new Dictionary<QuotaBucket, int> { [QuotaBucket.Research] = 3 });
    }

    [Fact]
    public async Task What_a_cap_keeps_one_caller_from_another_gets_for_both()
    {
        const string Capped = "the next day, as its caller has used what the policy allows it a day";
        quota.RefuseCaller = caller => caller == "capped" ? new() { Reason = RefusalReason.CallerCap, RetryAt = time.GetUtcNow().AddHours(5).ToTimestamp() } : null;
        await using var collector = Start();
        var capped = (await collector.Commands.SubmitAsync("default", "capped", "6f1ad0a4-5a5e-4c0e-9d5e-000000000001", Spec, None)).Collection.CollectionId;
        (await collector.RunUntilAsync(async store => (await store.FindAsync("default", capped, None))!.WaitingFor == Capped)).ShouldBeTrue();
        var alone = (await collector.Commands.SubmitAsync("default", "capped", "", new() { Terms = { "alone" }, Days = Spec.Days }, None)).Collection.CollectionId;
        var free = (await collector.Commands.SubmitAsync("default", "free", "6f1ad0a4-5a5e-4c0e-9d5e-000000000002", Spec, None)).Collection.CollectionId;
        List<string> told = [];

        (await collector.RunUntilAsync(async store =>
        {
            var collection = (await store.FindAsync("default", free, None))!;
            told.Add(collection.WaitingFor);
            return collection.HasEnded && (await store.FindAsync("default", capped, None))!.HasEnded;
        })).ShouldBeTrue();

        told.ShouldNotContain(Capped);
        (await collector.Store.FindAsync("default", alone, None))!.WaitingFor.ShouldBe(Capped);
        quota.Charged.ShouldBe(3);
    }

    [Theory]
    [InlineData(GrantOutcome.Answered)]
    [InlineData(GrantOutcome.NeverSent)]
    public async Task A_governor_that_cannot_be_told_costs_no_page(GrantOutcome outcome)
    {
        quota.Down.Add(outcome);
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();

        tiktok.Requests.Count.ShouldBe(3);
        quota.Charged.ShouldBe(3);
        quota.Outcomes.ShouldNotContain(GrantOutcome.NeverSent);
    }

    [Fact]
    public async Task A_report_that_nobody_took_is_made_again_before_a_later_request()
    {
        quota.Down.Add(GrantOutcome.Answered);
        quota.Refuse = _ =>
        {
            if (quota.Asked == 2)
            {
                quota.Down.Clear();
            }

            return null;
        };
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();

        quota.Outcomes.ShouldBe([GrantOutcome.Answered, GrantOutcome.Answered, GrantOutcome.Answered]);
    }

    [Theory]
    [InlineData(GrantOutcome.NeverSent)]
    [InlineData(GrantOutcome.Answered)]
    public async Task What_a_dead_process_could_not_report_is_reported_by_the_next_before_it_asks_for_more(GrantOutcome outcome)
    {
        quota.Down.Add(outcome);
        quota.Refuse = _ => quota.Asked > 1 ? new() { Reason = RefusalReason.InFlight, RetryAt = time.GetUtcNow().AddSeconds(5).ToTimestamp() } : null;
        quota.OnMark = outcome is GrantOutcome.NeverSent ? () => throw new MeshException(ErrorReason.Unavailable, "The word of the mark was lost.") : () => { };
        await using (var first = Start())
        {
            await RunningCollector.SubmitAsync(first.Commands, Spec);
            (await first.RunUntilAsync(async store => (await store.ListInFlightAsync(None)).Any(open => open.Checkpoint.Untold is not null))).ShouldBeTrue();
        }

        quota.Down.Clear();
        quota.OnMark = () => { };
        var sent = tiktok.Requests.Count;
        await using var second = Start();

        (await second.RunUntilAsync(async store => (await store.ListInFlightAsync(None)).Count == 0)).ShouldBeTrue();
        quota.Outcomes.ShouldAllBe(told => told == outcome);
        tiktok.Requests.Count.ShouldBe(sent);
    }

    [Fact]
    public async Task Without_the_mark_nothing_is_sent_and_with_it_the_collection_goes_on()
    {
        quota.Down.Add(GrantOutcome.Sent);
        var until = time.GetUtcNow().AddMinutes(1);
        quota.Refuse = _ =>
        {
            if (time.GetUtcNow() > until)
            {
                quota.Down.Clear();
            }

            return null;
        };
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();

        tiktok.Requests.Count.ShouldBe(3);
        (await collector.Store.FindAsync("default", id, None))!.Sent.ShouldBe(3);
    }

    [Fact]
    public async Task A_defect_that_meets_the_same_search_again_and_again_fails_the_collection_and_says_so()
    {
        quota.Refuse = _ => throw new InvalidOperationException("A defect.");
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);

        (await collector.RunUntilAsync(async store => (await store.FindAsync("default", id, None))!.State is CollectionState.Failed)).ShouldBeTrue();

        quota.Asked.ShouldBe(3);
        (await collector.Store.FindAsync("default", id, None))!.Failure.ShouldStartWith("INTERNAL");
        quota.Refuse = _ => null;
        await collector.Commands.ResumeAsync("default", id, None);
        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
    }

    [Fact]
    public async Task Others_hear_for_which_days_TikTok_does_not_answer()
    {
        tiktok.Always = context => ScriptedTikTok.Error(500, "internal_error")(context, "");
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);
        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();

        normalizer.Blackouts.ShouldAllBe(blackout => blackout.IsDark && blackout.Class == "hashtag");
        normalizer.Blackouts.SelectMany(blackout => new Days(blackout.From, blackout.To).Each()).Distinct().Order().ShouldBe(new Days(new(2026, 1, 1), new(2026, 1, 3)).Each());
    }

    [Fact]
    public async Task Others_hear_when_TikTok_answers_for_days_that_it_had_failed_for()
    {
        var failures = 0;
        tiktok.Always = context =>
        {
            tiktok.Always = ++failures == 2 ? null : tiktok.Always;
            return ScriptedTikTok.Error(500, "internal_error")(context, "");
        };
        await using var collector = Start();
        await RunningCollector.SubmitAsync(collector.Commands, Spec);

        (await collector.RunUntilAsync(_ => Task.FromResult(!normalizer.Blackouts.IsEmpty))).ShouldBeTrue();

        normalizer.Blackouts.First().ShouldSatisfyAllConditions(blackout => blackout.Class.ShouldBe("hashtag"), blackout => blackout.IsDark.ShouldBeFalse());
    }

    [Theory]
    [InlineData(401, "scope_not_authorized", 1)]
    [InlineData(401, "access_token_invalid", 2)]
    public async Task A_refresh_that_may_not_be_read_ends_and_does_not_eat_the_quota(int status, string code, int requests)
    {
        tiktok.Always = context => ScriptedTikTok.Error(status, code)(context, "");
        await using var collector = Start();
        await collector.Store.SubmitRefreshAsync(
            new() { LabId = "default", SearchId = "r", RefreshId = "r", Kind = SearchKind.Refresh, Class = ClauseClass.Id, Window = new(new(2026, 1, 1), new(2026, 1, 3)), VideoIds = ["1"], Priority = Priority.Refresh, CreatedAt = time.GetUtcNow() },
            None);

        (await collector.RunUntilAsync(_ => Task.FromResult(normalizer.Refreshes.Count > 0))).ShouldBeTrue();

        normalizer.Refreshes.ShouldAllBe(refresh => !refresh.Answered && refresh.Missing.Count == 0);
        tiktok.Requests.Count.ShouldBe(requests);
    }

    [Fact]
    public async Task A_bus_that_takes_nothing_costs_no_request_and_the_sweep_makes_up_for_it()
    {
        normalizer.IsAway = true;
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);
        (await collector.RunUntilAsync(async store => (await store.ListPagesAsync("", onlyUnanswered: true, 0, 100, None)).Count == 3)).ShouldBeTrue();
        await Should.ThrowAsync<MeshException>(() => collector.Sweep.OnceAsync(time.GetUtcNow().AddSeconds(1), None));

        normalizer.IsAway = false;
        await collector.Sweep.OnceAsync(time.GetUtcNow().AddSeconds(1), None);

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
        (await collector.Store.FindAsync("default", id, None))!.State.ShouldBe(CollectionState.Complete);
        tiktok.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_refresh_that_the_bus_does_not_take_is_announced_by_the_next_sweep()
    {
        normalizer.IsAway = true;
        tiktok.Always = context => ScriptedTikTok.Error(401, "scope_not_authorized")(context, "");
        await using var collector = Start();
        await collector.Store.SubmitRefreshAsync(
            new() { LabId = "default", SearchId = "r", RefreshId = "r", Kind = SearchKind.Refresh, Class = ClauseClass.Id, Window = new(new(2026, 1, 1), new(2026, 1, 3)), VideoIds = ["1"], Priority = Priority.Refresh, CreatedAt = time.GetUtcNow() },
            None);
        (await collector.RunUntilAsync(async store => (await store.ListEndedRefreshesAsync(None)).Count > 0)).ShouldBeTrue();

        await collector.Sweep.OnceAsync(time.GetUtcNow(), None);
        normalizer.Refreshes.ShouldBeEmpty();
        normalizer.IsAway = false;
        await collector.Sweep.OnceAsync(time.GetUtcNow(), None);

        normalizer.Refreshes.ShouldHaveSingleItem().RefreshId.ShouldBe("r");
    }

    [Fact]
    public async Task A_limit_ends_a_collection_only_when_what_it_paid_for_has_become_records()
    {
        normalizer.Answers = false;
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, new() { Terms = { "#dkpol" }, MaxUnits = 3, Days = new() { From = "2026-01-01", To = "2026-02-28" } });

        (await collector.RunUntilAsync(async store => (await store.FindAsync("default", id, None))!.LimitReached)).ShouldBeTrue();
        (await collector.Store.FindAsync("default", id, None))!.HasEnded.ShouldBeFalse();
        normalizer.Answers = true;
        await collector.Sweep.OnceAsync(time.GetUtcNow().AddSeconds(1), None);

        var facts = (await collector.Store.ReadFactsAsync("default", id, None))!;
        facts.Collection.ShouldSatisfyAllConditions(
            collection => collection.State.ShouldBe(CollectionState.CompleteWithGaps),
            collection => collection.Sent.ShouldBe(3),
            collection => collection.Received.ShouldBe(3));
        (Progress.Of(facts).Complete, Progress.Of(facts).Gap).ShouldBe((31, 28));
        tiktok.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Cancelling_with_a_request_on_its_way_keeps_its_page_and_sends_no_more()
    {
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);
        tiktok.OnPage2.Enqueue(async (context, page) =>
        {
            await collector.Commands.CancelAsync("default", id, None);
            await context.Response.WriteAsync(page);
        });

        (await collector.RunUntilAsync(async store => (await store.FindAsync("default", id, None)) is { State: CollectionState.Cancelled, Ok: 2 })).ShouldBeTrue();
        for (var i = 0; i < 5; i++)
        {
            await time.UntilArmedAsync(RunningCollector.Timers, None);
            time.Advance(TimeSpan.FromSeconds(2));
        }

        tiktok.Requests.Count.ShouldBe(2);
        (await VideosAsync(collector.Store)).Count.ShouldBe(200);
        Should.Throw<Defaults.MeshException>(() => collector.Commands.ResumeAsync("default", id, None)).Reason.ShouldBe(ErrorReason.StateForbids);
    }

    [Fact]
    public async Task A_paused_collection_goes_on_with_the_same_command_where_it_stood()
    {
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);
        tiktok.OnPage2.Enqueue(async (context, page) =>
        {
            await collector.Commands.PauseAsync("default", id, None);
            await context.Response.WriteAsync(page);
        });
        (await collector.RunUntilAsync(async store => (await store.FindAsync("default", id, None)) is { State: CollectionState.Paused, Ok: 2 })).ShouldBeTrue();

        (await collector.Commands.SubmitAsync("default", "", "", Spec, None)).Collection.CollectionId.ShouldBe(id);
        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();

        tiktok.Requests.ShouldBe(["0101-0103 0", "0101-0103 100", "0101-0103 200"]);
        (await collector.Commands.SubmitAsync("default", "", "", Spec, None)).Collection.State.ShouldBe(CollectionState.Complete);
        tiktok.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_request_id_with_another_spec_is_refused()
    {
        await using var collector = Start();
        var requestId = "0c5b1f0a-3a55-4c7e-9b38-2f6f0a4d8c11";
        var first = (await collector.Commands.SubmitAsync("default", "", requestId, Spec, None)).Collection;
        var reordered = Spec.Clone();
        reordered.Priority = Priority.Backfill;
        (await collector.Commands.SubmitAsync("default", "", requestId.ToUpperInvariant(), reordered, None)).Collection.CollectionId.ShouldBe(first.CollectionId);

        var other = Spec.Clone();
        other.Terms.Add("#other");
        var refused = await Should.ThrowAsync<Defaults.MeshException>(collector.Commands.SubmitAsync("default", "", requestId, other, None));
        refused.Reason.ShouldBe(ErrorReason.RequestIdReused);
        (await collector.Commands.SubmitAsync("other", "", requestId, other, None)).Existed.ShouldBeFalse();
    }

    private RunningCollector Start() => new(OpenStore("collector"), tiktok, time, quota, tokens, normalizer);

    private static IEnumerable<Func<HttpContext, string, Task>> FaultsOf(string name) => name switch
    {
        "no fault" => [],
        "500 twice" => Enumerable.Repeat(ScriptedTikTok.Error(500, "internal_error"), 2),
        "search id invalid three times" => Enumerable.Repeat(ScriptedTikTok.Error(400, "invalid_params", "Search Id 7160776277492814854 is invalid or expired"), 3),
        "truncated JSON" => [ScriptedTikTok.TruncatedAsync],
        "connection cut" => [ScriptedTikTok.CutAsync],
        "HTML 504 twice" => [ScriptedTikTok.HtmlAsync, ScriptedTikTok.HtmlAsync],
        "rate limit twice" => Enumerable.Repeat(ScriptedTikTok.Error(429, "rate_limit_exceeded"), 2),
        "401" => [ScriptedTikTok.Error(401, "access_token_invalid")],
        "never answers" => [ScriptedTikTok.SilenceAsync],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown fault"),
    };

    private static async Task<IReadOnlyList<string>> VideosAsync(ICollectorStore store)
    {
        HashSet<string> ids = [];
        foreach (var page in await store.ListPagesAsync("default", onlyUnanswered: false, 0, 1000, None))
        {
            var found = (await store.FindPageAsync("default", page.PageId, None))!;
            if (page.ErrorCode == "ok")
            {
                ids.UnionWith(PageReader.Read(found.Page.Body, found.Page.Status).Items.Select(item => item.Id!));
            }
        }

        return [.. ids];
    }
}
