using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class ProbingTests
{
    private static readonly DateTimeOffset Tomorrow = Now.AddDays(1);

    [Fact]
    public void A_long_range_gets_one_canary_and_days_that_were_jumped_over_spread_evenly()
    {
        var known = Run("2026-01-01", "2026-01-31");

        var due = Probing.Due(known, Tomorrow).ToList();
        due.Count.ShouldBe(5);
        due[0].ShouldBe(new DateOnly(2026, 1, 1), "the day that was tested longest ago");
        due[1..].ShouldBe([new(2026, 1, 17), new(2026, 1, 9), new(2026, 1, 25), new(2026, 1, 5)]);
    }

    [Fact]
    public void What_was_tested_today_counts()
    {
        var known = Run("2026-01-01", "2026-01-31").With([new(Days("2026-01-17", "2026-01-19"), DayLight.Bad, "log", Tomorrow)]);

        Probing.Due(known, Tomorrow).Count().ShouldBe(2);
        Probing.TestedOn(known, Tomorrow).ShouldBe(3);
    }

    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 1)]
    public void A_short_range_gets_one_every_four_days(int days, int probes) =>
        Probing.Due(Run("2026-01-01", "2026-01-07"), Now.AddDays(days)).Count().ShouldBe(probes);

    /// <summary>A third of what may be wasted is kept for the edges of what is found healed.</summary>
    [Theory]
    [InlineData(20, 1000, 13)]
    [InlineData(20, 0, 13)]
    [InlineData(20, 500, 7)]
    [InlineData(20, 20, 1)]
    [InlineData(0, 1000, 0)]
    public void All_ranges_together_get_no_more_a_day_than_the_mesh_may_make(int most, long dailyRequests, int expected)
    {
        var blackouts = new Dictionary<ClauseClass, ClassBlackouts> { [ClauseClass.Hashtag] = Run("2020-01-01", "2024-12-31"), [ClauseClass.Keyword] = Run("2020-01-01", "2024-12-31") };
        var probes = new DueProbes(blackouts, Tomorrow, Options with { ProbesPerDay = most }, dailyRequests);

        var taken = from each in blackouts
                    from day in Days("2020-01-01", "2024-12-31").Each()
                    where probes.Take(each.Key, day)
                    select day;

        taken.Count().ShouldBe(expected);
    }

    [Fact]
    public void A_plan_probes_a_dark_day_once_for_all_clauses_and_leaves_the_others_as_gaps()
    {
        var state = PlanningState.Nothing with { Blackouts = new Dictionary<ClauseClass, ClassBlackouts> { [ClauseClass.Hashtag] = Run("2026-01-01", "2026-01-31") } };
        AskedClause[] asked = [Asked(Tag("a"), Days("2026-01-01", "2026-01-31")), Asked(Tag("b"), Days("2026-01-01", "2026-01-31"))];

        var plan = Planner.Decide(asked, [], state, new("default", Priority.Interactive, "", Tomorrow, () => Guid.NewGuid().ToString("N")), Options);

        plan.Searches.Count.ShouldBe(5);
        plan.Searches.ShouldAllBe(search => search.IsProbe && search.Window.Count == 1 && search.Clauses.Count == 1);
        plan.Dark.Count.ShouldBe((2 * 31) - 5);
    }

    [Fact]
    public void A_sample_probes_nothing()
    {
        var known = Run("2026-01-01", "2026-01-31");
        var state = PlanningState.Nothing with { Blackouts = new Dictionary<ClauseClass, ClassBlackouts> { [ClauseClass.Hashtag] = known } };
        var drawn = Tag("a");
        drawn.IsRandom = true;

        Planner.Decide([Asked(drawn, Days("2026-01-01", "2026-01-31"))], [], state, new("default", Priority.Interactive, "", Tomorrow, () => "s"), Options).Searches.ShouldBeEmpty();
    }

    [Fact]
    public void A_probe_that_fails_leaves_a_gap_and_explores_nothing()
    {
        var known = Run("2026-01-01", "2026-01-31");
        var probe = Search(from: "2026-01-10", to: "2026-01-10") with { IsProbe = true };
        Shade.Of(probe, Checkpoint.Start, known, Outage.None, Tomorrow, Options).ShouldBeOfType<Shade.None>();

        var step = Walker.Decide(probe, Checkpoint.Start, Trouble(ApiErrorClass.Internal), new(known, probe.Window.To), Tomorrow, Options).ShouldBeOfType<Step.Finished>();

        step.Dark.ShouldHaveSingleItem().Light.ShouldBe(DayLight.Bad);
        step.News!.Exploration.ShouldBeNull();
        step.Successors.ShouldBeEmpty();
    }

    [Fact]
    public void A_probe_that_succeeds_wakes_two_days_on_each_side()
    {
        var known = Run("2026-01-01", "2026-01-31");
        var probe = Search(from: "2026-01-10", to: "2026-01-10") with { IsProbe = true };

        var step = Walker.Decide(probe, Checkpoint.Start, Page(40, videos: 3, more: false), new(known, probe.Window.To), Tomorrow, Options);

        var after = known.With(step.News!.Days);
        Days("2026-01-07", "2026-01-13").Each().Select(day => after.At(day)!.Light)
            .ShouldBe([DayLight.Suspect, DayLight.Waking, DayLight.Waking, DayLight.Good, DayLight.Waking, DayLight.Waking, DayLight.Suspect]);
    }

    /// <summary>Its first and last day were tested now, the others jumped over.</summary>
    private static ClassBlackouts Run(string from, string to)
    {
        var days = Days(from, to);
        return ClassBlackouts.Nothing.With(
        [
            new(new(days.From, days.From), DayLight.Bad, "log", Now),
            new(new(days.From.AddDays(1), days.To.AddDays(-1)), DayLight.Suspect, "log", Now),
            new(new(days.To, days.To), DayLight.Bad, "log", Now),
        ]);
    }
}
