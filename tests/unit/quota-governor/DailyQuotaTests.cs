using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

public sealed class DailyQuotaTests
{
    private static readonly DateOnly Day = new(2026, 4, 1);
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Opening = new(2026, 4, 2, 0, 0, 35, TimeSpan.Zero);
    private static readonly QuotaKey Key = new("default", "default", QuotaBucket.Research);

    private readonly QuotaGovernorOptions options = new() { DailyRequests = 100 };

    [Fact]
    public void Background_work_leaves_a_tenth_of_the_day_to_interactive_work_until_the_last_hour()
    {
        var state = State() with { Today = new(Day, 90, 0, Spent: false) };
        Refusal(state, Priority.Backfill).ShouldBe(new(RefusalReason.Reserved, new(2026, 4, 1, 23, 0, 0, TimeSpan.Zero)));
        Refusal(state, Priority.Refresh).Reason.ShouldBe(RefusalReason.Reserved);
        Grant(state, Priority.Interactive);
        Grant(state with { Today = new(Day, 89, 0, Spent: false) }, Priority.Backfill);
        Grant(state, Priority.Backfill, new(2026, 4, 1, 23, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void What_interactive_work_has_used_is_not_kept_a_second_time()
    {
        Grant(State() with { Today = new(Day, 96, 7, Spent: false) }, Priority.Backfill);
        Refusal(State() with { Today = new(Day, 97, 7, Spent: false) }, Priority.Backfill).Reason.ShouldBe(RefusalReason.Reserved);
        Grant(State() with { Today = new(Day, 99, 10, Spent: false) }, Priority.Backfill);
    }

    [Fact]
    public void The_share_is_rounded_down_so_that_a_small_day_is_used_up() =>
        Grant(State() with { Today = new(Day, 6, 0, Spent: false) }, Priority.Backfill, settings: options with { DailyRequests = 7 });

    [Fact]
    public void A_spent_day_names_the_next_opening_and_a_unit_on_its_way_asks_for_patience()
    {
        var full = State() with { Today = new(Day, 100, 100, Spent: false) };
        Refusal(full).ShouldBe(new(RefusalReason.DaySpent, Opening));
        Refusal(full with { Open = [Reserved("a")] }).Reason.ShouldBe(RefusalReason.InFlight);
        Refusal(full with { Open = [Reserved("a")], Today = full.Today with { Spent = true } }).ShouldBe(new(RefusalReason.DaySpent, Opening));
    }

    [Fact]
    public void Yesterdays_units_that_TikTok_may_count_today_are_paid_today()
    {
        var state = State() with { Today = new(Day, 97, 97, Spent: false), CarriedOver = 2, Open = [Sent("a", Day.AddDays(-1), Noon.AddHours(-13))] };
        Refusal(state).Reason.ShouldBe(RefusalReason.DaySpent);
        Grant(state with { CarriedOver = 1 });
    }

    [Fact]
    public void As_many_as_allowed_are_on_their_way()
    {
        Refusal(State() with { Open = [Sent("a", Day, Noon.AddSeconds(-329))] }).Reason.ShouldBe(RefusalReason.InFlight);
        Grant(State() with { Open = [Sent("a", Day, Noon.AddSeconds(-330))] });
        var two = options with { MaxInFlight = 2 };
        Grant(State() with { Open = [Reserved("a")] }, settings: two);
        var refused = Refusal(State() with { Open = [Reserved("a"), Sent("b", Day, Noon)] }, settings: two);
        refused.RetryAt.ShouldBeInRange(Noon.AddMilliseconds(200), Noon.AddMilliseconds(400));
    }

    [Fact]
    public void Interactive_work_follows_the_pace_and_background_work_is_spread_over_the_hour()
    {
        var state = After(Noon.AddMilliseconds(-999), Noon.AddSeconds(-89));
        Refusal(state).ShouldBe(new(RefusalReason.Paced, Noon.AddMilliseconds(1)));
        Grant(state, now: Noon.AddMilliseconds(1));
        Refusal(state, Priority.Backfill, Noon.AddMilliseconds(1)).ShouldBe(new(RefusalReason.Paced, Noon.AddSeconds(1)));
        Grant(state, Priority.Backfill, Noon.AddSeconds(1));
    }

    [Fact]
    public void A_rate_of_zero_switches_every_pacing_off_but_not_a_pause_that_TikTok_asked_for()
    {
        var unpaced = options with { RequestsPerSecond = 0 };
        var state = After(Noon, Noon);
        Grant(state, Priority.Backfill, settings: unpaced);
        Refusal(state with { Course = state.Course with { Pace = new(0, Noon.AddSeconds(4), 1) } }, settings: unpaced).ShouldBe(new(RefusalReason.RateLimited, Noon.AddSeconds(4)));
    }

    [Fact]
    public void A_clock_that_was_set_back_does_not_stop_the_work() =>
        Grant(After(Noon.AddHours(5), Noon.AddHours(5)), Priority.Backfill);

    [Fact]
    public void After_a_minute_of_quiet_the_pace_begins_anew()
    {
        var fast = State() with { Course = new(1, new(5, null, 0), Noon.AddSeconds(-59), null) };
        Grant(fast).Course.Pace.RequestsPerSecond.ShouldBe(5);
        Grant(fast with { Course = fast.Course with { LastGrantAt = Noon.AddSeconds(-60) } }).Course.Pace.RequestsPerSecond.ShouldBe(1);
    }

    [Fact]
    public void Each_grant_has_the_next_number_and_half_a_minute()
    {
        var (grant, course) = Grant(State() with { Course = Course.Start(1) with { Epoch = 41 } });
        grant.Epoch.ShouldBe(42);
        grant.ExpiresAt.ShouldBe(Noon.AddSeconds(30));
        grant.Day.ShouldBe(Day);
        course.ShouldBe(new(42, Pace.Start(1), Noon, null));
    }

    [Fact]
    public void Reading_shows_a_day_that_TikTok_called_spent_as_full_and_expired_grants_as_given_back()
    {
        var state = State() with { Today = new(Day, 3, 3, Spent: false), Open = [Reserved("a") with { ExpiresAt = Noon }] };
        new DailyQuota(options).Read(state, Noon).ShouldBe(new(Key, Day, 2, 100, Opening, 0) { Policy = BudgetPolicy.Default(options), Kept = 8 });
        new DailyQuota(options).Read(state with { Today = state.Today with { Spent = true } }, Noon).Used.ShouldBe(100);
    }

    [Fact]
    public void Reading_names_each_caller_that_used_units_of_it_on_the_days_that_are_looked_at()
    {
        var state = State() with { Today = Used("b", 0), History = [Used("c", 1), Used("b", 2)] };

        new DailyQuota(options).Read(state, Noon).Callers.Names.ShouldBe(["b", "c"]);

        DayUse Used(string caller, int daysAgo) => DayUse.Nothing(Day.AddDays(-daysAgo)) with { Callers = DayUse.ReadCallers($$"""{"{{caller}}":1}""") };
    }

    [Theory]
    [InlineData(1.0, 1.1)]
    [InlineData(4.95, 5.0)]
    public void An_answer_makes_the_pace_a_little_faster(double before, double after) =>
        new Pace(before, Noon, 3).Answered().ShouldBe(new(Math.Round(after, 6), null, 0), new PaceComparer());

    [Fact]
    public void A_refusal_halves_the_pace_and_doubles_the_pause_up_to_a_minute()
    {
        var pace = Pace.Start(4);
        foreach (var (rate, seconds) in new[] { (2.0, 1), (1.0, 2), (0.5, 4), (0.25, 8), (0.125, 16), (0.0625, 32), (0.05, 60), (0.05, 60) })
        {
            pace = pace.RateLimited(Noon, 0);
            pace.RequestsPerSecond.ShouldBe(rate);
            pace.PausedUntil.ShouldBe(Noon.AddSeconds(seconds));
        }

        Pace.Start(4).RateLimited(Noon, 1).PausedUntil.ShouldBe(Noon.AddSeconds(1.25));
    }

    [Fact]
    public void Spread_is_between_none_and_all_and_the_same_for_the_same_id()
    {
        var spread = Enumerable.Range(0, 1000).Select(number => Jitter.Of($"id{number}")).ToList();
        spread.ShouldAllBe(share => share >= 0 && share <= 1);
        spread.Average().ShouldBeInRange(0.4, 0.6);
        Jitter.Of("id7").ShouldBe(spread[7]);
    }

    private static BucketState State() => new()
    {
        Key = Key,
        Course = Course.Start(1),
        Today = DayUse.Nothing(Day),
        CarriedOver = 0,
        Open = [],
    };

    private static BucketState After(DateTimeOffset lastGrant, DateTimeOffset lastBackground) =>
        State() with { Course = Course.Start(1) with { LastGrantAt = lastGrant, LastBackgroundAt = lastBackground } };

    private static QuotaGrant Reserved(string id) => new()
    {
        Key = Key, GrantId = id, Priority = Priority.Interactive, Day = Day, Epoch = 1, GrantedAt = Noon, ExpiresAt = Noon.AddSeconds(30),
    };

    private static QuotaGrant Sent(string id, DateOnly day, DateTimeOffset at) => Reserved(id) with { State = GrantState.Sent, Day = day, SentAt = at };

    private ReserveDecision Decide(BucketState state, Priority priority, DateTimeOffset? now, QuotaGovernorOptions? settings) =>
        new DailyQuota(settings ?? options).Reserve(state, new(Key, priority, "request"), now ?? Noon);

    private ReserveDecision.Granted Grant(BucketState state, Priority priority = Priority.Interactive, DateTimeOffset? now = null, QuotaGovernorOptions? settings = null) =>
        Decide(state, priority, now, settings).ShouldBeOfType<ReserveDecision.Granted>();

    private ReserveDecision.Refused Refusal(BucketState state, Priority priority = Priority.Interactive, DateTimeOffset? now = null, QuotaGovernorOptions? settings = null) =>
        Decide(state, priority, now, settings).ShouldBeOfType<ReserveDecision.Refused>();

    private sealed class PaceComparer : IEqualityComparer<Pace>
    {
        public bool Equals(Pace? left, Pace? right) =>
            Math.Abs(left!.RequestsPerSecond - right!.RequestsPerSecond) < 1e-9 && left.PausedUntil == right.PausedUntil && left.Refusals == right.Refusals;

        public int GetHashCode(Pace pace) => 0;
    }
}
