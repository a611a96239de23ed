using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class QuotaShareTests
{
    [Theory]
    [InlineData(Priority.Interactive, 700, 0.7)]
    [InlineData(Priority.Interactive, 800, 1.1)]
    [InlineData(Priority.Backfill, 350, 0.35)]
    [InlineData(Priority.Backfill, 450, 1.1)]
    [InlineData(Priority.Backfill, 1_250, 3.2)]
    public void Refreshes_and_what_is_kept_for_others_make_it_take_longer(Priority priority, long units, double days) =>
        Share("arena", priority).DaysFor(units).ShouldBe(days);

    [Theory]
    [InlineData(50, 0.05)]
    [InlineData(250, 2.05)]
    public void A_cap_of_the_caller_stretches_it_over_days(long units, double days) => Share("capped", Priority.Interactive).DaysFor(units).ShouldBe(days);

    [Theory]
    [InlineData("arena", 3, 9, 2.003)]
    [InlineData("capped", 300, 250, 2.05)]
    public void So_do_the_units_that_the_collection_allows_itself_a_day(string caller, long unitsPerDay, long units, double days) =>
        (Share(caller, Priority.Interactive) with { UnitsPerDay = unitsPerDay }).DaysFor(units).ShouldBe(days);

    [Fact]
    public void Lists_of_followers_share_nothing_with_refreshes_and_without_a_budget_nobody_can_say()
    {
        var share = Share("arena", Priority.Backfill);
        share.Budget.Bucket = QuotaBucket.Follow;
        share.DaysFor(650).ShouldBe(0.65);
        share.Budget.Limit = 0;
        share.DaysFor(650).ShouldBe(0);
    }

    [Fact]
    public void A_budget_that_is_taken_by_others_is_said_to_last_ten_years()
    {
        var share = Share("arena", Priority.Backfill);
        share.Budget.Policy.InteractiveShare = 1;
        share.DaysFor(1_000).ShouldBe(3_650);
    }

    /// <summary>100 are used today and 250 are kept; refreshes need 300, 500, 600 and then nothing that anybody has told.</summary>
    private static QuotaShare Share(string caller, Priority priority) => new(
        new()
        {
            Bucket = QuotaBucket.Research,
            Limit = 1_000,
            Used = 100,
            Kept = 250,
            Policy = new() { InteractiveShare = 0.1, RefreshShare = 0.2, CallerCaps = { ["capped"] = 100 } },
        },
        new() { Days = { new QuotaForecastDay { Units = 300 }, new QuotaForecastDay { Units = 500 }, new QuotaForecastDay { Units = 600 } } },
        caller,
        priority);
}
