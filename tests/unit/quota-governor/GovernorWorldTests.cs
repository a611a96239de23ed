using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Governor;

/// <summary>The bars of scheduling: weeks of load, several seeds, nothing tuned to one.</summary>
public sealed class GovernorWorldTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);
    private static readonly int[] Seeds = [1, 2, 3, 4, 5];

    [Fact]
    public void A_day_with_hungry_backfill_is_used_up_and_people_hardly_wait()
    {
        var worlds = Run(new());
        worlds.ShouldAllBe(world => world.Used >= 0.98 && world.MostOnADay <= 1000 && world.Missed == 0);
        worlds.ShouldAllBe(world => world.WaitAt(0.5) <= AtOnce && world.LongestHunger <= Day);
        GovernorWorld.At([.. worlds.SelectMany(world => world.Waits)], 0.95).ShouldBeLessThanOrEqualTo(TimeSpan.FromHours(5));
    }

    [Fact]
    public void The_same_holds_when_people_ask_in_office_hours_only()
    {
        var worlds = Run(new() { Hours = (8, 17), Days = 40 });
        worlds.ShouldAllBe(world => world.Used >= 0.98 && world.MostOnADay <= 1000 && world.Missed == 0);
        worlds.ShouldAllBe(world => world.WaitAt(0.5) <= AtOnce);
    }

    [Fact]
    public void No_deadline_is_missed_while_refreshes_can_be_met_at_all() =>
        Run(new() { RefreshesADay = 800, DaysUntilDeadline = 2, JobsADay = 2, Days = 30 }).ShouldAllBe(world => world.Missed == 0 && world.MostOnADay <= 1000);

    [Fact]
    public void Spread_over_the_day_background_work_misses_nothing_and_starves_nobody() =>
        Run(new() { Mode = PacingMode.Paced, Days = 30 }).ShouldAllBe(world => world.Missed == 0 && world.MostOnADay <= 1000 && world.LongestHunger <= Day && world.WaitAt(0.5) <= AtOnce);

    [Fact]
    public void A_TikTok_that_asks_to_slow_down_costs_no_unit() =>
        Run(new() { RateLimitedPercent = 3, Days = 30 }).ShouldAllBe(world => world.Used >= 0.98 && world.Missed == 0 && world.MostOnADay <= 1000);

    private IReadOnlyList<GovernorWorld> Run(GovernorLoad load)
    {
        List<GovernorWorld> worlds = [];
        foreach (var seed in Seeds)
        {
            var world = new GovernorWorld(load, seed);
            world.Run();
            worlds.Add(world);
            output.WriteLine(
                $"{load.Mode} seed {seed}: used {world.Used:P1}, most {world.MostOnADay}, wait p50 {world.WaitAt(0.5).TotalSeconds:F1} s, p95 {world.WaitAt(0.95).TotalMinutes:F0} min, missed {world.Missed}, longest without {world.LongestHunger.TotalHours:F1} h");
        }

        output.WriteLine($"all seeds: wait p95 {GovernorWorld.At([.. worlds.SelectMany(world => world.Waits)], 0.95).TotalMinutes:F0} min");
        return worlds;
    }
}
