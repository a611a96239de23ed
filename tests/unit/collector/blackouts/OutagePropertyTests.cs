using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>What an outage of the whole API costs, and that it leaves nothing behind, over worlds drawn at random.</summary>
public sealed class OutagePropertyTests(ITestOutputHelper output)
{
    private const int Worlds = 50;

    private static readonly Clause Tag = Walks.Tag("dkpol");

    /// <summary>Nothing is answered, or one request of 25.</summary>
    [Theory]
    [InlineData(1, false, 0)]
    [InlineData(6, false, 0)]
    [InlineData(12, false, 0)]
    [InlineData(1, true, 0)]
    [InlineData(6, true, 0)]
    [InlineData(12, true, 0)]
    [InlineData(1, false, 0.04)]
    [InlineData(6, false, 0.04)]
    [InlineData(12, false, 0.04)]
    [InlineData(1, true, 0.04)]
    [InlineData(6, true, 0.04)]
    [InlineData(12, true, 0.04)]
    public void An_outage_wastes_at_most_16_units_and_4_an_hour_and_darkens_no_day(int hours, bool hasBlackouts, double luck)
    {
        var worlds = Run(hours, hasBlackouts, luck);

        worlds.ShouldAllBe(world => world.Lost <= 16 + (4 * hours));
        worlds.ShouldAllBe(world => world.Invented == 0);

        // What was tested before it and could not be proven is tested again.
        worlds.ShouldAllBe(world => world.More <= 18 + (4 * hours));
    }

    private List<(int Seed, int Lost, int More, int Invented)> Run(int hours, bool hasBlackouts, double luck)
    {
        List<(int Seed, int Lost, int More, int Invented)> worlds = [];
        for (var seed = 0; seed < Worlds; seed++)
        {
            var world = hasBlackouts ? BlackoutWorld.Random(seed) : new BlackoutWorld();
            var calm = new BlackoutRun(world);
            calm.Collect(Tag);
            var run = new BlackoutRun(world) { Down = (new Random(seed).Next(calm.Sent), TimeSpan.FromHours(hours)), Luck = luck, Chance = new(seed) };

            run.Collect(Tag);

            run.Outage.IsOpen.ShouldBeFalse($"world {seed}");
            (run.Complete(Tag).Count + run.Gaps(Tag, DayLight.Bad).Count + run.Gaps(Tag, DayLight.Suspect).Count).ShouldBe(BlackoutWorld.Asked.Count, $"world {seed}");
            worlds.Add((seed, run.Lost, run.Wasted - calm.Wasted, run.Gaps(Tag, DayLight.Bad).Count(day => !world.IsBad(day))));
        }

        var lost = worlds.Select(world => world.Lost).Order().ToList();
        output.WriteLine(
            $"{hours} h{(hasBlackouts ? " among blackouts" : "")}{(luck > 0 ? ", 1 of 25 answered" : "")}: median {lost[Worlds / 2]}, p90 {lost[Worlds * 9 / 10]}, worst {lost[^1]} wasted; "
            + $"{worlds.Max(world => world.More)} more than without it; days said to be dark that are not: {worlds.Sum(world => world.Invented)} in {worlds.Count(world => world.Invented > 0)} worlds");
        return worlds;
    }
}
