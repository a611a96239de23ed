using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>Collections to which days are added, budgets of a day, and what days brought.</summary>
public abstract partial class CollectorStoreContract
{
    private static readonly DateOnly Ripe = new(2026, 3, 29);

    [Fact]
    public async Task A_standing_collection_asks_only_for_days_up_to_the_last_that_was_added()
    {
        await SubmitAsync(Standing("c1"), [Asked(Tag("a"), new(Ripe.AddDays(-1), StandingDays.NoEnd))]);

        (await FactsAsync("c1")).Asked.ShouldHaveSingleItem().Days.ShouldBe(new Days(Ripe.AddDays(-1), Ripe));
        (await OpenAsync()).ShouldHaveSingleItem().Search.Window.ShouldBe(new Days(Ripe.AddDays(-1), Ripe));
        (await Store.ContinueAsync(Lab, "c1", collection => StandingDays.Advance(collection, Now.AddDays(1), Options), (collection, asked, lists, state) => Plan(collection, asked, lists, state, Now.AddDays(1)), None))
            .ShouldNotBeNull().Until.ShouldBe(Ripe.AddDays(1));
        (await FactsAsync("c1")).Asked.ShouldHaveSingleItem().Days.To.ShouldBe(Ripe.AddDays(1));
        (await OpenAsync()).Select(open => open.Search.Window.To).ShouldBe([Ripe, Ripe.AddDays(1)], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_due_is_what_is_active_and_ripe_in_every_lab()
    {
        await SubmitAsync(Standing("c1"), [Asked(Tag("a"), new(Ripe, StandingDays.NoEnd))]);
        await SubmitAsync(Standing("c2", lab: "other"), [Asked(Tag("a"), new(Ripe, StandingDays.NoEnd))]);
        await SubmitAsync(Standing("paused"), [Asked(Tag("a"), new(Ripe, StandingDays.NoEnd))]);
        await SubmitAsync(Collection("finite"), [Asked(Tag("a"))]);
        await Store.ChangeAsync(Lab, "paused", collection => collection with { State = CollectionState.Paused }, None);
        var midnight = new DateTimeOffset(2026, 4, 2, 0, 0, 0, TimeSpan.Zero);

        (await Store.ListDueAsync(midnight.AddSeconds(-1), None)).ShouldBeEmpty();
        (await Store.ListDueAsync(midnight, None)).Select(collection => collection.CollectionId).ShouldBe(["c1", "c2"]);
        await Store.ChangeAsync(Lab, "c1", collection => StandingDays.Advance(collection, midnight, Options), None);
        (await Store.ListDueAsync(midnight, None)).Select(collection => collection.CollectionId).ShouldBe(["c2"]);
        await Store.ChangeAsync(Lab, "paused", collection => collection with { State = CollectionState.Running }, None);
        (await Store.ListDueAsync(midnight, None)).Select(collection => collection.CollectionId).ShouldBe(["c2", "paused"], ignoreOrder: true);
    }

    [Fact]
    public async Task Several_collections_are_planned_as_one_and_each_search_serves_those_who_ask_for_something_in_it()
    {
        await SubmitAsync(Standing("c1"), [Asked(Tag("a"), new(Ripe, StandingDays.NoEnd)), Asked(Tag("b"), new(Ripe, StandingDays.NoEnd))]);
        await SubmitAsync(Standing("c2"), [Asked(Tag("c"), new(Ripe, StandingDays.NoEnd))]);
        await SubmitAsync(Standing("c3"), [Asked(Word("d"), new(Ripe, StandingDays.NoEnd))]);
        await SubmitAsync(Standing("away"), [Asked(Tag("e"), new(Ripe, StandingDays.NoEnd))]);
        await FinishAsync(Ok());
        var tomorrow = Now.AddDays(1);

        var together = await TogetherAsync(tomorrow, "c1", "c2", "c3", "nobody");

        together.Select(collection => (collection.CollectionId, collection.Until)).ShouldBe([("c1", Ripe.AddDays(1)), ("c2", Ripe.AddDays(1)), ("c3", Ripe.AddDays(1))]);
        var open = await OpenAsync();
        open.Single(each => each.Search.Class is ClauseClass.Hashtag).ShouldSatisfyAllConditions(
            tags => tags.Search.Clauses.Count.ShouldBe(3),
            tags => tags.Collections.ShouldBe(["c1", "c2"]));
        open.Single(each => each.Search.Class is ClauseClass.Keyword).Collections.ShouldBe(["c3"]);
        open.Count.ShouldBe(2);
        (await TogetherAsync(tomorrow, "c1", "c2", "c3")).ShouldBeEmpty();
        (await OpenAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_common_plan_joins_what_others_are_at_already()
    {
        await SubmitAsync(Standing("c1"), [Asked(Tag("a"), new(Ripe, StandingDays.NoEnd))]);
        await FinishAsync(Ok());
        var tomorrow = Now.AddDays(1);
        var finite = Collection("finite", createdAt: tomorrow);
        IReadOnlyList<AskedClause> asked = [Asked(Tag("a"), new(Ripe, Ripe.AddDays(1)))];
        await Store.SubmitAsync(finite, asked, [], state => Plan(finite, asked, [], state, tomorrow), None);

        await TogetherAsync(tomorrow, "c1");

        (await OpenAsync()).ShouldHaveSingleItem().Collections.ShouldBe(["c1", "finite"], ignoreOrder: true);
    }

    [Fact]
    public async Task Who_has_spent_the_units_of_the_day_pays_again_the_next_day_and_others_pay_meanwhile()
    {
        await SubmitAsync(Collection("frugal") with { UnitsPerDay = 1 }, [Asked(Tag("a"))]);
        await SubmitAsync(Collection("rich", createdAt: Now.AddSeconds(1)), [Asked(Tag("b"))]);
        await SubmitAsync(Collection("both", createdAt: Now.AddSeconds(2)), [Asked(Tag("a"))]);
        await Store.ChangeAsync(Lab, "both", collection => collection with { State = CollectionState.Paused }, None);
        await PageAsync((await OpenNowAsync(Now)).First(open => open.Collections.Contains("frugal")), Ok(more: true));

        (await FactsAsync("frugal")).Collection.ShouldSatisfyAllConditions(
            collection => collection.RestsUntil.ShouldBe(new(2026, 4, 2, 0, 0, 0, TimeSpan.Zero)),
            collection => collection.LimitReached.ShouldBeFalse(),
            collection => collection.SpentThen.ShouldBe(1));
        (await OpenNowAsync(Now)).ShouldHaveSingleItem().Collections.ShouldBe(["rich"]);
        await Store.ChangeAsync(Lab, "both", collection => collection with { State = CollectionState.Running }, None);
        (await OpenNowAsync(Now)).Single(open => !open.Collections.Contains("rich")).Collections.ShouldBe(["both"]);
        await PageAsync((await OpenNowAsync(Now)).Single(open => open.Collections.Contains("both")), Ok(more: true));

        (await FactsAsync("both")).Collection.Sent.ShouldBe(1);
        (await OpenNowAsync(Now.AddDays(1))).Single(open => !open.Collections.Contains("rich")).Collections.ShouldBe(["frugal", "both"]);
    }

    [Fact]
    public async Task A_unit_that_was_not_sent_does_not_count_for_the_day()
    {
        await SubmitAsync(Collection("frugal") with { UnitsPerDay = 1 }, [Asked(Tag("a"))]);
        var begun = await BeginAsync((await OpenNowAsync(Now)).Single());
        (await OpenNowAsync(Now)).ShouldBeEmpty();

        await Store.AbandonRequestAsync(begun, Now, None);

        (await OpenNowAsync(Now)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_limit_of_results_that_is_taken_away_holds_up_nobody_any_more()
    {
        await SubmitAsync(Collection("c1") with { MaxResults = 10 }, [Asked(Tag("a"))]);
        await PageAsync((await OpenAsync()).Single(), Ok(more: true));
        (await OpenAsync()).ShouldBeEmpty();

        await Store.ChangeAsync(Lab, "c1", collection => collection with { MaxResults = 0 }, None);

        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Days_know_how_many_videos_they_brought_and_when_they_were_read()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), FifthOfJanuary), Asked(Tag("b"), FifthOfJanuary)]);
        var first = await PageAsync((await OpenAsync()).Single(), Ok(more: true));
        var last = await PageAsync((await OpenAsync()).Single(), Ok());
        await MarkAsync(first, (Tag("a"), 3));
        await MarkAsync(last, (Tag("a"), 4));

        var facts = await FactsAsync("c1");
        facts.Coverage[Tag("a").ClauseId].ShouldHaveSingleItem().ShouldSatisfyAllConditions(day => day.Videos.ShouldBe(7), day => day.ReadAt.ShouldBe(Now));
        facts.Coverage[Tag("b").ClauseId].ShouldHaveSingleItem().Videos.ShouldBe(0);
    }

    [Fact]
    public async Task Of_days_whose_pages_nobody_counted_nobody_knows()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), FifthOfJanuary)]);
        await MarkAsync(await PageAsync((await OpenAsync()).Single(), Ok(more: true)), (Tag("a"), 3));
        await FinishAsync(Ok());

        (await FactsAsync("c1")).Coverage[Tag("a").ClauseId].ShouldHaveSingleItem().Videos.ShouldBeNull();
    }

    [Fact]
    public async Task A_day_that_was_lost_half_way_is_a_gap_in_part()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), new(new(2026, 1, 18), new(2026, 1, 20)))]);
        var open = (await OpenAsync()).Single();
        await PageAsync(open, Ok(more: true));
        await PageAsync((await OpenAsync()).Single(), Trouble(), new Step.Finished(Covered: null, new(open.Search.Window, GapReason.Failed, "no_progress", Now), []));

        var days = (await FactsAsync("c1")).Coverage[Tag("a").ClauseId];
        days.Select(DayCoverage.StateOf).ShouldBe([CoverageState.Gap, CoverageState.Gap, CoverageState.Partial]);
    }

    [Fact]
    public async Task A_search_that_is_silent_against_its_history_is_read_once_more_and_then_in_doubt()
    {
        var before = new Days(new(2026, 1, 1), new(2026, 2, 28));
        await SubmitAsync(Collection("history"), [Asked(Tag("a"), before)]);
        await CountedAsync(Tag("a"));

        var march = new Days(new(2026, 3, 1), new(2026, 3, 10));
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), march)]);
        await SilentAsync();

        var again = (await OpenAsync()).ShouldHaveSingleItem();
        again.Collections.ShouldBe(["c1"]);
        again.Search.Zero.ShouldNotBeNull().Canary.ShouldBe(new(2026, 2, 28));
        again.Search.Window.ShouldBe(new Days(new(2026, 2, 28), march.To));
        again.Checkpoint.NotBefore.ShouldBe(Now + Options.ConfirmPause);
        (await FactsAsync("c1")).Coverage.ShouldBeEmpty();
        await SilentAsync();

        (await OpenAsync()).ShouldBeEmpty();
        var facts = await FactsAsync("c1");
        facts.Coverage[Tag("a").ClauseId].Select(day => day.Day).ShouldBe(march.Each());
        facts.Coverage[Tag("a").ClauseId].ShouldAllBe(day => DayCoverage.StateOf(day) == CoverageState.Suspect);
        (await FactsAsync("history")).Coverage[Tag("a").ClauseId].ShouldAllBe(day => DayCoverage.StateOf(day) == CoverageState.Complete);
    }

    [Fact]
    public async Task A_silent_search_is_read_again_in_no_longer_window_than_is_taken()
    {
        await SubmitAsync(Collection("history"), [Asked(Tag("a"))]);
        await PageAsync((await OpenAsync()).Single(), Trouble(ApiErrorClass.InvalidParams));
        await CountedAsync(Tag("a"));
        var days = new Days(new(2026, 2, 1), new(2026, 3, 2));
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), days)]);

        await SilentAsync();

        var again = (await OpenAsync()).ShouldHaveSingleItem();
        again.Search.Zero.ShouldNotBeNull().Canary.ShouldBeNull("a day of January would be the thirty-first");
        again.Search.Window.ShouldBe(days);
    }

    /// <summary>Every open search brings two videos a day.</summary>
    private async Task CountedAsync(Clause clause)
    {
        foreach (var open in await OpenAsync())
        {
            var page = await PageAsync(open, Ok());
            await Store.MarkNormalizedAsync(Lab, page.PageId, new(40, 40, 0, 0, 0) { Videos = [.. open.Search.Window.Each().Select(day => new ClauseVideos(clause.ClauseId, day, 2))] }, Now, None);
        }
    }

    /// <summary>The open search brings nothing.</summary>
    private async Task SilentAsync()
    {
        var page = await PageAsync((await OpenAsync()).Single(), Ok());
        await Store.MarkNormalizedAsync(Lab, page.PageId, new(0, 0, 0, 0, 0) { Videos = [] }, Now, None);
    }

    private static CollectionRecord Standing(string id, string lab = Lab) =>
        StandingDays.Advance(Collection(id, lab: lab) with { IsStanding = true, Until = Ripe.AddDays(-3) }, Now, Options);

    private Task<IReadOnlyList<CollectionRecord>> TogetherAsync(DateTimeOffset now, params string[] ids) => Store.PlanTogetherAsync(
        Lab,
        ids,
        collection => collection.DueAt <= now ? StandingDays.Advance(collection, now, Options) : null,
        (asking, state) => Plan(asking[0].Collection, [.. asking.SelectMany(each => each.Asked)], [], state, now),
        None);

    private Task<IReadOnlyList<OpenSearch>> OpenNowAsync(DateTimeOffset now) => Store.ListOpenAsync(awake: null, now, 100, None);

    private Task MarkAsync(RawPage page, params (Clause Clause, int Videos)[] videos) => Store.MarkNormalizedAsync(
        Lab,
        page.PageId,
        new(videos.Sum(each => each.Videos), 0, 0, 0, 0) { Videos = [.. videos.Select(each => new ClauseVideos(each.Clause.ClauseId, FifthOfJanuary.From, each.Videos))] },
        Now,
        None);
}
