using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

public sealed class QuotaSimulationTests
{
    private const int Seeds = 60;
    private const int SeedsForAPlantedBug = 300;

    [Fact]
    public async Task TikTok_never_counts_more_than_the_limit_on_any_day()
    {
        var counted = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var simulation = new QuotaSimulation(seed, PlantedBug.None);
            await simulation.RunAsync();
            simulation.Violation.ShouldBeNull($"seed {seed}");
            counted += simulation.Counted;
        }

        counted.ShouldBeGreaterThan(Seeds * 10, "a governor that grants nothing would pass otherwise");
    }

    [Theory]
    [InlineData(PlantedBug.NoMidnightGuard)]
    [InlineData(PlantedBug.UnknownGivenBack)]
    [InlineData(PlantedBug.CrashForgetsTheJournal)]
    [InlineData(PlantedBug.LostRequestGivenBackOnRestart)]
    [InlineData(PlantedBug.SentAfterExpiryAllowed)]
    [InlineData(PlantedBug.DaySpentTakenForAnAnswer)]
    [InlineData(PlantedBug.UnresolvedNotPaidTomorrow)]
    public async Task A_planted_bug_is_found(PlantedBug bug)
    {
        for (var seed = 0; seed < SeedsForAPlantedBug; seed++)
        {
            using var simulation = new QuotaSimulation(seed, bug);
            await simulation.RunAsync();
            if (simulation.Violation is not null)
            {
                return;
            }
        }

        Assert.Fail($"{bug} was not found in {SeedsForAPlantedBug} seeds");
    }
}
