using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class StandingDaysTests
{
    [Fact]
    public void A_day_is_added_once_the_whole_of_it_is_past_the_index_lag()
    {
        var before = StandingDays.Advance(Standing("2026-03-20"), new(2026, 3, 31, 23, 59, 59, TimeSpan.Zero), Options);
        var after = StandingDays.Advance(before, new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero), Options);

        before.Until.ShouldBe(new(2026, 3, 28));
        before.NextDayAt.ShouldBe(new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero));
        after.Until.ShouldBe(new(2026, 3, 29));
        after.NextDayAt.ShouldBe(new(2026, 4, 2, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Nothing_changes_within_a_day_and_nothing_is_taken_back_when_the_clock_is()
    {
        var today = StandingDays.Advance(Standing("2026-03-20"), Now, Options);

        StandingDays.Advance(today, Now.AddHours(3), Options).ShouldBe(today);
        StandingDays.Advance(today, Now.AddDays(-4), Options).Until.ShouldBe(today.Until);
    }

    [Fact]
    public void What_began_in_days_that_have_not_ripened_asks_for_no_day_yet()
    {
        var young = StandingDays.Advance(Standing("2026-04-01"), Now, Options);
        AskedClause[] asked = [Asked(Tag("a"), new(new(2026, 4, 1), StandingDays.NoEnd))];

        StandingDays.AskedNow(young, asked).ShouldHaveSingleItem().Days.Each().ShouldBeEmpty();
        Planner.Decide(StandingDays.AskedNow(young, asked), [], PlanningState.Nothing, new("default", Priority.Interactive, "", Now, () => "s"), Options).Searches.ShouldBeEmpty();
        var later = StandingDays.Advance(young, Now.AddDays(5), Options);
        StandingDays.AskedNow(later, asked).ShouldHaveSingleItem().Days.ShouldBe(Days("2026-04-01", "2026-04-03"));
    }

    [Fact]
    public void A_last_day_ends_it_once_it_has_been_added()
    {
        var ending = Standing("2026-03-20") with { EndsOn = new(2026, 3, 30) };

        var before = StandingDays.Advance(ending, Now, Options);
        var after = StandingDays.Advance(before, Now.AddDays(7), Options);

        (before.IsStanding, before.Until).ShouldBe((true, new(2026, 3, 29)));
        (after.IsStanding, after.Until, after.NextDayAt).ShouldBe((false, new(2026, 3, 30), null));
    }

    [Fact]
    public void Its_records_are_shown_for_days_to_come_too_so_that_a_stream_misses_none_that_others_read_first()
    {
        var standing = StandingDays.Advance(Standing("2026-03-20"), Now, Options);

        StandingDays.Shown(standing, Days("2026-03-20", "2026-03-29")).To.ShouldBe(StandingDays.NoEnd);
        StandingDays.Shown(standing with { EndsOn = new(2026, 6, 1) }, Days("2026-03-20", "2026-03-29")).To.ShouldBe(new(2026, 6, 1));
        StandingDays.Shown(standing with { IsStanding = false }, Days("2026-03-20", "2026-03-29")).To.ShouldBe(new(2026, 3, 29));
    }

    [Fact]
    public void Five_of_twelve_hashtags_each_are_one_search_a_day_that_serves_all_of_them()
    {
        var now = new DateTimeOffset(2026, 4, 1, 0, 0, 40, TimeSpan.Zero);
        AskingCollection[] together =
        [
            .. from c in Enumerable.Range(0, 5)
               let collection = StandingDays.Advance(Standing("2026-03-29", $"c{c}"), now, Options)
               let asked = Enumerable.Range(0, 12).Select(i => Asked(Tag($"t{(c * 11) + i}"), new(new(2026, 3, 29), StandingDays.NoEnd))).ToList()
               select new AskingCollection(collection, StandingDays.AskedNow(collection, asked)),
        ];

        var plan = Planner.Decide([.. together.SelectMany(each => each.Asked)], [], PlanningState.Nothing, new("default", Priority.Backfill, "", now, () => "s"), Options);
        var change = PlanKeeping.Apply(together, plan, [], PlanningState.Nothing);

        var search = change.NewSearches.ShouldHaveSingleItem();
        search.Search.Window.ShouldBe(Days("2026-03-29", "2026-03-29"));
        search.Search.Clauses.Count.ShouldBe(56);
        search.Collections.ShouldBe(["c0", "c1", "c2", "c3", "c4"]);
    }

    [Fact]
    public void A_search_of_a_common_plan_serves_only_those_who_ask_for_something_in_it()
    {
        AskingCollection[] together =
        [
            new(Standing("2026-03-29", "tags"), [Asked(Tag("a"), Days("2026-03-29", "2026-03-29"))]),
            new(Standing("2026-03-29", "names") with { Priority = Priority.Backfill }, [Asked(Actor("ft"), Days("2026-03-29", "2026-03-29"))]),
        ];

        var plan = Planner.Decide([.. together.SelectMany(each => each.Asked)], [], PlanningState.Nothing, new("default", Priority.Backfill, "", Now, () => Guid.NewGuid().ToString("N")), Options);
        var searches = PlanKeeping.Apply(together, plan, [], PlanningState.Nothing).NewSearches;

        searches.Single(search => search.Search.Class is ClauseClass.Hashtag).Collections.ShouldBe(["tags"]);
        searches.Single(search => search.Search.Class is ClauseClass.Username).Collections.ShouldBe(["names"]);
        searches.Single(search => search.Search.Class is ClauseClass.Hashtag).Search.Priority.ShouldBe(Priority.Interactive);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void It_ends_by_itself_only_at_its_limit(bool limitReached, bool ends)
    {
        var facts = new CollectionFacts
        {
            Collection = Standing("2026-03-29") with { LimitReached = limitReached },
            Asked = [Asked(Tag("a"), Days("2026-03-29", "2026-03-29"))],
            Coverage = new Dictionary<string, IReadOnlyList<CoveredDay>> { [Tag("a").ClauseId] = [new() { Day = new(2026, 3, 29), State = CoverageState.Complete }] },
            OpenDays = new Dictionary<string, IReadOnlyList<Mesh.Collector.Days>>(),
            OpenSearches = 0,
            Unsettled = 0,
            Lists = new Dictionary<ListKey, ListFact>(),
        };

        (Progress.Next(facts, Progress.Of(facts)) is not null).ShouldBe(ends);
    }

    private static CollectionRecord Standing(string from, string id = "c1") => new()
    {
        LabId = "default",
        CollectionId = id,
        RequestId = id,
        Fingerprint = "f",
        Spec = "{}",
        Priority = Priority.Interactive,
        CreatedAt = Now,
        IsStanding = true,
        Until = Mesh.Collector.Days.Day(from).AddDays(-1),
    };
}
