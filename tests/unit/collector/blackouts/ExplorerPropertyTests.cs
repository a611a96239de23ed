using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>What blackouts cost, over worlds drawn at random.</summary>
public sealed class ExplorerPropertyTests(ITestOutputHelper output)
{
    private const int Worlds = 1_000;

    private static readonly Clause Tag = Walks.Tag("dkpol");

    [Fact]
    public void In_a_thousand_worlds_little_is_wasted_and_nearly_every_good_day_is_read()
    {
        List<(int Seed, double Waste, double Covered)> worlds = [];
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = BlackoutWorld.Random(seed);
            var run = new BlackoutRun(world);
            run.Collect(Tag);

            var complete = run.Complete(Tag);
            complete.ShouldAllBe(day => !world.IsBad(day), $"world {seed}");
            (complete.Count + run.Gaps(Tag, DayLight.Bad).Count + run.Gaps(Tag, DayLight.Suspect).Count).ShouldBe(BlackoutWorld.Asked.Count, $"world {seed}");
            run.Gaps(Tag, DayLight.Bad).ShouldAllBe(day => world.IsBad(day), $"world {seed}: what is said to be tested is bad");
            worlds.Add((seed, world.Least == 0 ? run.Wasted : (double)run.Wasted / world.Least, (double)complete.Count / (BlackoutWorld.Asked.Count - world.BadDays)));
        }

        var byWaste = worlds.OrderBy(each => each.Waste).ToList();
        var byCoverage = worlds.OrderBy(each => each.Covered).ToList();
        output.WriteLine($"waste: median {byWaste[Worlds / 2].Waste:F2}, p95 {byWaste[Worlds * 95 / 100].Waste:F2}, worst {byWaste[^1]}; covered: worst {byCoverage[0]}, p5 {byCoverage[Worlds / 20].Covered:P2}");
        byWaste[Worlds / 2].Waste.ShouldBeLessThanOrEqualTo(3);
        byWaste[^1].Waste.ShouldBeLessThanOrEqualTo(6, $"world {byWaste[^1].Seed}");
        byCoverage[Worlds / 20].Covered.ShouldBeGreaterThanOrEqualTo(0.99);
        byCoverage[0].Covered.ShouldBeGreaterThanOrEqualTo(0.95, $"world {byCoverage[0].Seed}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void What_was_reported_is_found_with_60_failures_at_most_however_many_ask(int terms)
    {
        var run = new BlackoutRun(BlackoutWorld.Reported());

        run.Collect([.. Enumerable.Range(0, terms).Select(i => Walks.Word($"ord{i}"))]);

        output.WriteLine($"{terms} terms: {run.Wasted} of {run.Sent} wasted");
        run.Wasted.ShouldBeLessThanOrEqualTo(60);
    }

    [Fact]
    public void A_second_collection_on_the_same_day_wastes_nothing_and_has_its_gaps_at_once()
    {
        var run = new BlackoutRun(BlackoutWorld.Reported());
        run.Collect(Walks.Word("first"));
        var (sent, wasted) = (run.Sent, run.Wasted);

        run.Collect(Walks.Word("second"));

        run.Wasted.ShouldBe(wasted);
        run.Sent.ShouldBeGreaterThan(sent);
        run.Gaps(Walks.Word("second"), DayLight.Bad).ShouldBe(run.Gaps(Walks.Word("first"), DayLight.Bad));
        run.Gaps(Walks.Word("second"), DayLight.Suspect).ShouldBe(run.Gaps(Walks.Word("first"), DayLight.Suspect));
    }

    [Fact]
    public void A_failure_by_chance_makes_no_day_dark()
    {
        var run = new BlackoutRun(new BlackoutWorld()) { Transient = 0.02, Chance = new(7) };

        run.Collect(Walks.Word("ord"));

        run.Complete(Walks.Word("ord")).Count.ShouldBe(BlackoutWorld.Asked.Count);
    }

    [Fact]
    public void An_island_of_good_days_in_the_middle_of_a_long_run_is_read_to_its_edges()
    {
        var island = new Days(new(2021, 10, 1), new(2022, 2, 28));
        var run = new BlackoutRun(BlackoutWorld.Reported().Lighten(island));

        run.Collect(Tag);

        run.Complete(Tag).Count(island.Contains).ShouldBe(island.Count);
    }

    [Fact]
    public void Afterwards_at_most_20_a_day_are_wasted_and_after_60_days_every_dark_day_was_tested()
    {
        var run = new BlackoutRun(BlackoutWorld.Reported().Lighten(new(new(2021, 9, 10), new(2021, 9, 10))).Lighten(new(new(2022, 2, 2), new(2022, 2, 3))));
        run.Collect(Tag);
        for (var day = 1; day <= 60; day++)
        {
            var (before, complete) = (run.Wasted, run.Complete(Tag).Count);
            run.Now = new DateTimeOffset(2026, 4, 1, 6, 0, 0, TimeSpan.Zero).AddDays(day);
            run.CollectUntilNothingChanges(Tag);

            // Finding the edges of what answers again is among them.
            output.WriteLine($"day {day}: {run.Wasted - before} wasted, {run.Complete(Tag).Count - complete} healed");
            (run.Wasted - before).ShouldBeLessThanOrEqualTo(20, $"day {day}");
        }

        run.Gaps(Tag, DayLight.Suspect).ShouldBeEmpty();
        run.Complete(Tag).ShouldContain(new DateOnly(2021, 9, 10));
        run.Complete(Tag).ShouldContain(new DateOnly(2022, 2, 3));
    }

    [Fact]
    public void What_TikTok_never_answers_is_no_outage_and_its_waste_is_bounded_and_all_of_it_comes_back()
    {
        var world = BlackoutWorld.Outage();
        var run = new BlackoutRun(world);
        run.Collect(Tag);
        output.WriteLine($"{run.Wasted} of {run.Sent} wasted while nothing answered");
        run.Wasted.ShouldBeLessThanOrEqualTo(150);
        run.Outage.ShouldSatisfyAllConditions(outage => outage.IsOpen.ShouldBeFalse(), outage => outage.Last.ShouldBeNull("what one clause never gets is no outage"));
        (run.Gaps(Tag, DayLight.Bad).Count + run.Gaps(Tag, DayLight.Suspect).Count).ShouldBe(BlackoutWorld.Asked.Count);

        world.Lighten(BlackoutWorld.Asked);
        run.Now = run.Now.AddDays(1);
        run.CollectUntilNothingChanges(Tag);

        run.Complete(Tag).Count.ShouldBe(BlackoutWorld.Asked.Count);
    }

    [Fact]
    public void What_heals_is_noticed_and_filled_in_on_the_same_day_for_everybody_who_lacks_it()
    {
        var world = BlackoutWorld.Reported();
        var run = new BlackoutRun(world);
        Clause[] clauses = [Walks.Word("first"), Walks.Word("second")];
        run.Collect(clauses);
        world.Lighten(BlackoutWorld.Asked);
        var wasted = run.Wasted;

        run.Now = new(2026, 4, 6, 6, 0, 0, TimeSpan.Zero);
        run.CollectUntilNothingChanges(clauses);

        run.Wasted.ShouldBe(wasted);
        clauses.ShouldAllBe(clause => run.Complete(clause).Count == BlackoutWorld.Asked.Count);
    }

    [Fact]
    public void A_range_that_heals_in_part_costs_little_and_keeps_what_is_dark()
    {
        var world = BlackoutWorld.Reported();
        var run = new BlackoutRun(world);
        run.Collect(Tag);
        world.Lighten(new(new(2021, 3, 1), new(2022, 1, 31)));
        var wasted = run.Wasted;

        run.Now = new(2026, 4, 6, 6, 0, 0, TimeSpan.Zero);
        run.CollectUntilNothingChanges(Tag);

        output.WriteLine($"{run.Wasted - wasted} wasted on the day of healing");
        (run.Wasted - wasted).ShouldBeLessThanOrEqualTo(40);
        run.Complete(Tag).Count(day => day < new DateOnly(2022, 2, 1)).ShouldBe(new DateOnly(2022, 2, 1).DayNumber - BlackoutWorld.Asked.From.DayNumber);
    }
}
