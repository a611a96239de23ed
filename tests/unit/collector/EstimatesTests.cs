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

        estimate.MinUnits.ShouldBe(4);
        estimate.Lists.ShouldBe(2);
        estimate.CoveredClauseDays.ShouldBe(31);
        estimate.AskedClauseDays.ShouldBe(82);
        estimate.QuotaDays.ShouldBe(0.004);
        estimate.Searches.Select(search => $"{search.Days.From} {string.Join(',', search.Inputs.Order(StringComparer.Ordinal))}").ShouldBe(["2026-01-01 dr", "2026-02-01 dr,ft"], ignoreOrder: true);
    }

    [Fact]
    public void Days_that_are_dark_or_too_young_are_named()
    {
        var estimate = Estimate(
            new() { Terms = { "#dkpol" }, Days = new() { From = "2026-03-20", To = "2026-04-01" } },
            coverage: [new() { Day = new(2026, 3, 21), State = CoverageState.Gap, Reason = GapReason.BlackoutSuspect, RetryAt = Now.AddHours(1) }],
            of: Tag("dkpol"));

        estimate.KnownGaps.Select(gap => $"{gap.Days.From} {gap.Days.To} {gap.Reason} {gap.Clauses.Single()}").ShouldBe(
            ["2026-03-21 2026-03-21 BlackoutSuspect #dkpol", "2026-03-30 2026-04-01 NotYetIndexed #dkpol"], ignoreOrder: true);
        estimate.MinUnits.ShouldBe(2);
    }

    [Fact]
    public void Lists_cost_a_unit_for_each_page_that_TikTok_shows_as_far_as_records_say_and_nothing_when_they_are_known()
    {
        var known = ListKey.Of(ApiEndpoint.Comments, "4");
        var estimate = Estimate(
            new() { List = ApiEndpoint.Comments, OfCollectionId = "c1" },
            coverage: [],
            of: Tag("a"),
            lists: new Dictionary<ListKey, ListFact> { [known] = new("", new() { List = known, Result = ListResult.Read, ReadAt = Now }) },
            subjects: [new("1", 0), new("2", 101), new("3", 5_000), new("4", 900)]);

        (estimate.MinUnits, estimate.Lists, estimate.LikelyUnits, estimate.Bucket).ShouldBe((3, 3, 13, QuotaBucket.Research));
        (estimate.AskedClauseDays, estimate.QuotaDays).ShouldBe((0, 0.013));
        estimate.Searches.Select(search => $"{search.Class} {search.Endpoint} {search.Inputs.Single()}{search.Days.From}").ShouldBe(["List Comments 1", "List Comments 2", "List Comments 3"], ignoreOrder: true);
        Estimate(new() { List = ApiEndpoint.Followers, Subjects = { "ft" } }, [], Tag("a")).Bucket.ShouldBe(QuotaBucket.Follow);
    }

    [Fact]
    public void Of_a_standing_collection_the_past_is_counted_and_what_each_day_to_come_costs()
    {
        var estimate = Estimate(new() { Terms = { "#a", "#b", "word" }, Days = new() { From = "2026-02-01" }, Standing = true }, [], Tag("a"));

        (estimate.MinUnits, estimate.AskedClauseDays).ShouldBe((4, 3 * 57));
        estimate.UnitsPerDay.ShouldBe(Math.Round(2 * (1 + (1.0 / 7)), 2));
        estimate.KnownGaps.ShouldBeEmpty();
        Estimate(new() { Terms = { "#a" } }, [], Tag("a")).UnitsPerDay.ShouldBe(0);
    }

    [Fact]
    public void What_was_counted_on_other_days_is_expected_again_and_what_nobody_counted_costs_its_first_pages()
    {
        var counted = new Dictionary<string, IReadOnlyList<CoveredDay>>
        {
            [Tag("a").ClauseId] = [.. Days("2025-11-01", "2025-11-10").Each().Select(day => new CoveredDay { Day = day, State = CoverageState.Complete, Videos = 10 }), new() { Day = new(2025, 11, 11), State = CoverageState.Gap }],
            [Tag("b").ClauseId] = [new() { Day = new(2025, 11, 1), State = CoverageState.Complete }],
        };
        EstimateCollectionResponse Likely(PageYield yield, params string[] terms) => Estimate(
            new() { Terms = { terms }, Days = new() { From = "2026-01-01", To = "2026-01-31" } },
            [],
            Tag("a"),
            history: new(counted, new Dictionary<ClauseClass, MergeKnowledge> { [ClauseClass.Hashtag] = MergeKnowledge.Nothing with { Yield = yield } }));

        Of(Likely(PageYield.Nothing, "#a")).ShouldBe((1, 4, 1, 1));
        Of(Likely(new(Taken: 200, Shown: 100, Merged: 0, Matches: 0), "#a")).ShouldBe((1, 7, 1, 1));
        Of(Likely(new(Taken: 200, Shown: 200, Merged: 50, Matches: 100), "#a", "#b")).ShouldBe((1, 2, 2, 1));
        Of(Likely(PageYield.Nothing, "#b", "c")).ShouldBe((2, 2, 2, 0));
        Likely(PageYield.Nothing, "#a").QuotaDays.ShouldBe(0.004);

        static (long, long, int, int) Of(EstimateCollectionResponse estimate) => (estimate.MinUnits, estimate.LikelyUnits, estimate.Clauses, estimate.CountedClauses);
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

    [Fact]
    public void What_a_collection_allows_itself_bounds_its_days_of_quota()
    {
        var spec = new CollectionSpec { Terms = { "#a", "b", "c", "d", "e" }, Days = new() { From = "2026-01-01", To = "2026-01-31" } };

        Estimate(new(spec) { UnitsPerDay = 2 }, [], ClauseIds.Identify(new())).QuotaDays.ShouldBe(2.001);
        Estimate(new(spec) { UnitsPerDay = 2, MaxUnits = 3 }, [], ClauseIds.Identify(new())).QuotaDays.ShouldBe(1.001);
    }

    private static EstimateCollectionResponse Estimate(CollectionSpec spec, IReadOnlyList<CoveredDay> coverage, Clause of, int used = 10, IReadOnlyDictionary<ListKey, ListFact>? lists = null, IReadOnlyList<ListedSubject>? subjects = null, History? history = null)
    {
        var ids = 0;
        var read = SpecReader.Read(spec, Now, Options, subjects);
        read = spec.Standing ? read with { Asked = StandingDays.Until(read.Asked, Planner.LastRipe(Now, Options)) } : read;
        var state = new PlanningState
        {
            Coverage = new Dictionary<string, IReadOnlyList<CoveredDay>> { [of.ClauseId] = coverage },
            OpenSearches = new Dictionary<string, IReadOnlyList<OpenSearchDays>>(),
            Lists = lists ?? new Dictionary<ListKey, ListFact>(),
        };
        var plan = Planner.Decide(read.Asked, read.Lists, state, new("default", Priority.Interactive, "", Now, () => (ids++).ToString(CultureInfo.InvariantCulture)), Options);
        return Estimates.Of(read, plan, history ?? History.Nothing, new(new() { Limit = 1000, Used = used }, Forecast: null, "", read.Spec.Priority), Options);
    }
}
