using System.Globalization;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class EstimatesTests
{
    [Fact]
    public void An_estimate_counts_searches_profiles_and_what_is_covered()
    {
        var estimate = Estimate(
            new() { Actors = { "ft", "dr" }, Days = new() { From = "2026-01-01", To = "2026-02-10" } },
            coverage: [.. Days("2026-01-01", "2026-01-31").Each().Select(day => new CoveredDay { Day = day, State = CoverageState.Complete })],
            of: Actor("ft"));

        estimate.MinUnits.ShouldBe(5);
        estimate.Lists.ShouldBe(2);
        estimate.CoveredClauseDays.ShouldBe(31);
        estimate.AskedClauseDays.ShouldBe(82);
        estimate.QuotaDays.ShouldBe(0.005);
        estimate.Searches.Select(search => $"{search.Days.From} {string.Join(',', search.Inputs)}").ShouldBe(["2026-01-01 dr", "2026-02-01 ft", "2026-02-01 dr"], ignoreOrder: true);
    }

    [Fact]
    public void Days_that_are_dark_or_too_young_are_named()
    {
        var estimate = Estimate(
            new() { Terms = { "#dkpol" }, Days = new() { From = "2026-03-20", To = "2026-04-01" } },
            coverage: [new() { Day = new(2026, 3, 21), State = CoverageState.Gap, Reason = GapReason.BlackoutSuspect, RetryAt = Now.AddHours(1) }],
            of: Tag("dkpol"));

        estimate.KnownGaps.Select(gap => $"{gap.Days.From} {gap.Days.To} {gap.Reason} {gap.Clauses.Single()}").ShouldBe(
            ["2026-03-21 2026-03-21 BlackoutSuspect #dkpol", "2026-03-31 2026-04-01 NotYetIndexed #dkpol"], ignoreOrder: true);
        estimate.MinUnits.ShouldBe(2);
    }

    [Theory]
    [InlineData(996, 1.001)]
    [InlineData(995, 0.005)]
    [InlineData(1000, 1.005)]
    public void Days_of_quota_begin_with_what_is_left_today(int used, double days)
    {
        var spec = new CollectionSpec { Terms = { "#a", "b", "c", "d", "e" }, Days = new() { From = "2026-01-01", To = "2026-01-31" } };

        Estimate(spec, [], ClauseIds.Identify(new()), used).QuotaDays.ShouldBe(days);
    }

    private static EstimateCollectionResponse Estimate(CollectionSpec spec, IReadOnlyList<CoveredDay> coverage, Clause of, int used = 10)
    {
        var ids = 0;
        var read = SpecReader.Read(spec, Now, Options);
        var state = new PlanningState
        {
            Coverage = new Dictionary<string, IReadOnlyList<CoveredDay>> { [of.ClauseId] = coverage },
            OpenSearches = new Dictionary<string, IReadOnlyList<OpenSearchDays>>(),
            Profiles = new Dictionary<string, ProfileFact>(),
        };
        var plan = Planner.Decide(read.Asked, read.Profiles, state, new("default", Priority.Interactive, "", Now, () => (ids++).ToString(CultureInfo.InvariantCulture)), Options);
        return Estimates.Of(read, plan, new() { Limit = 1000, Used = used }, Options);
    }
}
