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
}
