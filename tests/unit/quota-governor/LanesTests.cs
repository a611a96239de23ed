using System.Collections.Immutable;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Governor;

public sealed class LanesTests
{
    private static readonly DateOnly Day = new(2026, 4, 10);
    private static readonly DateTimeOffset Midnight = new(2026, 4, 10, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Noon = Midnight.AddHours(12);
    private static readonly QuotaKey Key = new("default", "default", QuotaBucket.Research);

    private readonly QuotaGovernorOptions options = new() { DailyRequests = 1000, RequestsPerSecond = 0 };

    [Fact]
    public void Refreshes_whose_deadlines_leave_no_choice_go_before_interactive_work()
    {
        var pressed = State(used: 800) with { Refresh = Demand((Midnight.AddDays(1), 200)) };
        Refusal(pressed, Priority.Interactive).ShouldBe(new(RefusalReason.RefreshDue, Noon.AddSeconds(5)));
        Grant(pressed, Priority.Refresh);
        Grant(pressed with { Refresh = Demand((Midnight.AddDays(1), 199)) }, Priority.Interactive);
    }

    [Fact]
    public void What_refreshes_have_got_since_their_demand_was_told_presses_no_more() =>
        Grant(State(used: 800) with { Refresh = Demand((Midnight.AddDays(1), 200)) with { Served = 1 } }, Priority.Interactive);

    [Fact]
    public void A_deadline_within_the_hour_presses_as_soon_as_there_is_hardly_time_to_send()
    {
        var state = State(used: 0) with { Refresh = Demand((Noon.AddMinutes(10), 100)) };
        Grant(state, Priority.Interactive);
        Refusal(state, Priority.Interactive, Noon.AddMinutes(3)).Reason.ShouldBe(RefusalReason.RefreshDue);
        Refusal(state, Priority.Interactive, Noon.AddMinutes(20)).Reason.ShouldBe(RefusalReason.RefreshDue, "what is late presses too");
    }

    [Fact]
    public void Demand_of_several_days_presses_when_the_days_together_cannot_meet_it()
    {
        // 100 units are left today and 900 of tomorrow are the refreshes' share.
        var state = State(used: 900) with { Refresh = Demand((Midnight.AddDays(2), 1000)) };
        Refusal(state, Priority.Interactive).Reason.ShouldBe(RefusalReason.RefreshDue);
        Grant(state with { Refresh = Demand((Midnight.AddDays(2), 999)) }, Priority.Interactive);
    }

    [Fact]
    public void Refreshes_that_cannot_be_met_leave_interactive_work_its_share()
    {
        var endless = State(used: 900) with { Refresh = Demand((Noon.AddDays(-1), 9000)), Policy = null };
        Refusal(endless, Priority.Interactive).Reason.ShouldBe(RefusalReason.RefreshDue);
        Grant(endless with { Today = endless.Today with { RefreshUsed = 900 } }, Priority.Interactive);
    }

    [Fact]
    public void A_scheduler_that_was_silent_for_hours_presses_nobody() =>
        Grant(State(used: 800) with { Refresh = Demand((Noon, 200)) with { At = Noon.AddHours(-2) } }, Priority.Interactive);

    [Fact]
    public void Units_that_are_due_today_are_for_refreshes_and_not_for_backfill()
    {
        // 300 are left, 100 are kept for interactive work.
        var state = State(used: 700) with { Refresh = Demand((Midnight.AddDays(1).AddSeconds(-1), 200)) };
        Refusal(state, Priority.Backfill).Reason.ShouldBe(RefusalReason.Reserved);
        Grant(state, Priority.Refresh);
        Grant(state with { Refresh = Demand((Midnight.AddDays(1).AddSeconds(-1), 199)) }, Priority.Backfill);
        Grant(state with { Refresh = Demand((Midnight.AddDays(2), 200)) }, Priority.Backfill);
    }

    [Fact]
    public void Refreshes_that_could_wait_leave_the_interactive_share_as_backfill_does()
    {
        var state = State(used: 900) with { Refresh = Demand((Midnight.AddDays(4), 20)) };
        Refusal(state, Priority.Refresh).Reason.ShouldBe(RefusalReason.Reserved);
        Grant(state with { Today = state.Today with { Used = 899 } }, Priority.Refresh);
    }

    [Fact]
    public void Followers_have_a_budget_that_no_refresh_presses() =>
        new DailyQuota(options).Reserve(
            State(used: 800) with { Key = Key with { Bucket = QuotaBucket.Follow }, Refresh = Demand((Noon, 20_000)) }, new(Key, Priority.Interactive, "request"), Noon)
            .ShouldBeOfType<ReserveDecision.Granted>();

    [Fact]
    public void After_three_days_what_the_days_before_wanted_at_this_time_is_kept()
    {
        // Each day: 48 at eight, 12 at twenty.
        var state = State(used: 0) with { History = [.. Enumerable.Range(1, 3).Select(ago => Past(ago, (8, 48), (20, 12)))] };
        Kept(state, Midnight.AddHours(6)).ShouldBe(60);
        Kept(state, Midnight.AddHours(8.5)).ShouldBe(36);
        Kept(state, Noon).ShouldBe(12);
        Kept(state, Midnight.AddHours(21)).ShouldBe(0);
        Kept(state with { History = [.. state.History.Take(2)] }, Noon).ShouldBe(100, "two days teach nothing");
    }

    [Fact]
    public void Days_that_differ_keep_more_than_their_mean()
    {
        // 0 and 60 by turns: mean 30, σ 30.
        var state = State(used: 0) with { History = [.. Enumerable.Range(1, 20).Select(ago => Past(ago, (18, ago % 2 * 60)))] };
        Kept(state, Noon).ShouldBe(68);
    }

    [Fact]
    public void Days_without_a_line_count_as_days_on_which_nobody_asked() =>
        Kept(State(used: 0) with { History = [Past(10, (18, 100)), Past(1, (18, 0))] }, Noon).ShouldBe((long)(10 + (1.28 * 30)));

    [Fact]
    public void Nothing_is_left_over_whatever_the_evenings_wanted()
    {
        var state = State(used: 0) with { History = [.. Enumerable.Range(1, 28).Select(ago => Past(ago, (23, 500)))] };
        Kept(state, Midnight.AddHours(23)).ShouldBe(500);
        Kept(state, Midnight.AddHours(23).AddMinutes(25)).ShouldBe(250);
        Kept(state, Midnight.AddHours(23).AddMinutes(50)).ShouldBe(0);
    }

    [Fact]
    public void A_share_of_nothing_keeps_nothing_even_when_it_could_be_learned()
    {
        var state = State(used: 0) with { History = [.. Enumerable.Range(1, 28).Select(ago => Past(ago, (20, 500)))] };
        Kept(state with { Policy = BudgetPolicy.Default(options) with { InteractiveShare = 0 } }, Noon).ShouldBe(0);
    }

    [Fact]
    public void A_refusal_of_background_work_names_when_enough_is_let_go()
    {
        var state = State(used: 960) with { History = [.. Enumerable.Range(1, 7).Select(ago => Past(ago, (13, 30), (20, 30)))] };
        var refused = Refusal(state, Priority.Backfill);
        refused.Reason.ShouldBe(RefusalReason.Reserved);
        refused.RetryAt.ShouldBe(Noon.AddHours(2));
    }

    [Fact]
    public void A_cap_ends_a_callers_day_and_nobody_elses()
    {
        var capped = State(used: 100) with
        {
            Policy = BudgetPolicy.Default(options) with { CallerCaps = ImmutableSortedDictionary<string, long>.Empty.Add("arena-1", 40) },
            Today = new DayUse(Day, 100, 100, Spent: false) { Callers = ImmutableSortedDictionary<string, long>.Empty.Add("arena-1", 40).Add("arena-2", 60) },
        };
        Refusal(capped, Priority.Interactive, caller: "arena-1").ShouldBe(new(RefusalReason.CallerCap, new(2026, 4, 11, 0, 0, 35, TimeSpan.Zero)));
        Grant(capped, Priority.Interactive, caller: "arena-2").Caller.ShouldBe("arena-2");
        Grant(capped, Priority.Interactive);
    }

    [Fact]
    public void Burst_follows_the_pace_and_paced_work_does_not_unless_a_deadline_presses()
    {
        var paced = new QuotaGovernorOptions { DailyRequests = 1000 };
        var state = State(used: 100) with { Course = Course.Start(1) with { LastGrantAt = Noon.AddSeconds(-2), LastBackgroundAt = Noon.AddSeconds(-2) } };
        Decide(state, Priority.Backfill, settings: paced).ShouldBeOfType<ReserveDecision.Refused>().Reason.ShouldBe(RefusalReason.Paced);
        Decide(state, Priority.Refresh, settings: paced).ShouldBeOfType<ReserveDecision.Refused>().Reason.ShouldBe(RefusalReason.Paced);
        Decide(state with { Refresh = Demand((Noon.AddMinutes(1), 100)) }, Priority.Refresh, settings: paced).ShouldBeOfType<ReserveDecision.Granted>();
        var burst = state with { Policy = BudgetPolicy.Default(paced) with { Mode = PacingMode.Burst } };
        Decide(burst, Priority.Backfill, settings: paced).ShouldBeOfType<ReserveDecision.Granted>();
        Decide(burst with { Course = burst.Course with { LastGrantAt = Noon.AddSeconds(-0.5) } }, Priority.Backfill, settings: paced).ShouldBeOfType<ReserveDecision.Refused>();
    }

    private static BucketState State(long used) => new()
    {
        Key = Key,
        Course = Course.Start(1),
        Today = new(Day, used, 0, Spent: false),
        CarriedOver = 0,
        Open = [],
    };

    private static RefreshDemand Demand(params (DateTimeOffset By, long Units)[] due) => new() { At = Noon.AddMinutes(-5), Due = [.. due.Select(each => new DueUnits(each.By, each.Units))] };

    private static DayUse Past(int daysAgo, params (int Hour, int Units)[] hours)
    {
        var day = DayUse.Nothing(Day.AddDays(-daysAgo)) with { Hours = ImmutableArray.Create(new int[24]) };
        return hours.Aggregate(day, (sum, hour) => sum with { InteractiveUsed = sum.InteractiveUsed + hour.Units, Hours = sum.Hours.SetItem(hour.Hour, hour.Units) });
    }

    private long Kept(BucketState state, DateTimeOffset now) => new Lanes(options).KeptAt(state, now);

    private ReserveDecision Decide(BucketState state, Priority priority, DateTimeOffset? now = null, string caller = "", QuotaGovernorOptions? settings = null) =>
        new DailyQuota(settings ?? options).Reserve(state, new(Key, priority, "request") { Caller = caller }, now ?? Noon);

    private QuotaGrant Grant(BucketState state, Priority priority, string caller = "") => Decide(state, priority, caller: caller).ShouldBeOfType<ReserveDecision.Granted>().Grant;

    private ReserveDecision.Refused Refusal(BucketState state, Priority priority, DateTimeOffset? now = null, string caller = "") =>
        Decide(state, priority, now, caller).ShouldBeOfType<ReserveDecision.Refused>();
}
