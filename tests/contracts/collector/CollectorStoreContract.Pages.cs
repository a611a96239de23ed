using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>Pages and what follows from them: checkpoints, coverage, gaps.</summary>
public abstract partial class CollectorStoreContract
{
    [Fact]
    public async Task A_page_comes_back_byte_for_byte_with_its_search()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        foreach (var body in new[] { [], [0, 255, 10, 13], new byte[300_000] })
        {
            var begun = await BeginAsync((await OpenAsync()).Single());
            var page = Page(begun, Trouble(), begun.Checkpoint.InFlightGrant, body);
            await Store.KeepPageAsync(begun, page, Trouble(), new Step.GoOn(begun.Checkpoint with { InFlightGrant = "", Attempt = begun.Checkpoint.Attempt + 1 }), None);

            var found = (await Store.FindPageAsync(Lab, page.PageId, None)).ShouldNotBeNull();
            found.Page.Body.ToArray().ShouldBe(body);
            found.Page.RequestBody.ToArray().ShouldBe("{}"u8.ToArray());
            found.Page.Headers.ShouldBe(page.Headers);
            (found.Page with { Body = default, RequestBody = default, Headers = page.Headers, Sequence = 0 }).ShouldBe(page with { Body = default, RequestBody = default });
            found.Search.Clauses.ShouldHaveSingleItem().Clause.ShouldBe(Tag("a"));
        }

        (await Store.FindPageAsync(Lab, "nothing", None)).ShouldBeNull();
    }

    [Fact]
    public async Task The_same_page_twice_changes_nothing()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var begun = await BeginAsync((await OpenAsync()).Single());
        var page = Page(begun, Ok(more: true), begun.Checkpoint.InFlightGrant);
        var step = Walker.Decide(begun.Search, Checkpoint.Start, Ok(more: true), Now, Options);
        (await Store.KeepPageAsync(begun, page, Ok(more: true), step, None)).ShouldBe(["c1"]);
        await BeginAsync((await OpenAsync()).Single());
        var next = (await Store.ListInFlightAsync(None)).ShouldHaveSingleItem();

        await Store.KeepPageAsync(begun, page, Ok(more: true), step, None);

        (await Store.ListPagesAsync(Lab, onlyUnanswered: false, 0, 10, None)).ShouldHaveSingleItem();
        (await Store.ListInFlightAsync(None)).ShouldHaveSingleItem().Checkpoint.ShouldBe(next.Checkpoint);
        (await FactsAsync("c1")).Collection.Ok.ShouldBe(1);
    }

    [Fact]
    public async Task A_page_that_comes_after_its_request_was_given_up_is_kept_and_moves_nothing()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var begun = await BeginAsync((await OpenAsync()).Single());
        await Store.ForgetRequestAsync(begun, None);
        await BeginAsync((await OpenAsync()).Single());
        var again = (await Store.ListInFlightAsync(None)).ShouldHaveSingleItem();

        await Store.KeepPageAsync(begun, Page(begun, Ok(), begun.Checkpoint.InFlightGrant), Ok(), Walker.Decide(begun.Search, Checkpoint.Start, Ok(), Now, Options), None);

        (await Store.ListPagesAsync(Lab, onlyUnanswered: false, 0, 10, None)).ShouldHaveSingleItem();
        (await Store.ListInFlightAsync(None)).ShouldHaveSingleItem().Checkpoint.ShouldBe(again.Checkpoint);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Days_are_covered_when_the_search_has_ended_and_its_pages_are_records_in_whichever_order(bool recordsFirst)
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var first = await PageAsync((await OpenAsync()).Single(), Ok(more: true));
        if (recordsFirst)
        {
            await NormalizeAllAsync();
        }

        var last = await PageAsync((await OpenAsync()).Single(), Ok());
        (await FactsAsync("c1")).ShouldSatisfyAllConditions(
            facts => facts.Coverage.ShouldBeEmpty(),
            facts => facts.OpenSearches.ShouldBe(1),
            facts => facts.OpenDays[Tag("a").ClauseId].ShouldBe([January]));
        foreach (var page in recordsFirst ? [last] : new[] { last, first })
        {
            (await FactsAsync("c1")).Coverage.ShouldBeEmpty();
            (await Store.MarkNormalizedAsync(Lab, page.PageId, new(100, 90, 8, 2, 2), Now, None)).ShouldBe(["c1"]);
        }

        (await FactsAsync("c1")).ShouldSatisfyAllConditions(
            facts => facts.Coverage[Tag("a").ClauseId].Select(day => day.Day).ShouldBe(January.Each()),
            facts => facts.Coverage[Tag("a").ClauseId].ShouldAllBe(day => day.State == CoverageState.Complete),
            facts => facts.OpenSearches.ShouldBe(0),
            facts => facts.OpenDays.ShouldBeEmpty());
    }

    [Fact]
    public async Task The_normalizers_answer_counts_once_and_for_whoever_paid()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("c2", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"))]);
        var page = await PageAsync((await OpenAsync()).Single(), Ok());

        (await Store.MarkNormalizedAsync(Lab, page.PageId, new(100, 90, 8, 2, 2), Now, None)).ShouldBe(["c1", "c2"]);
        (await Store.MarkNormalizedAsync(Lab, page.PageId, new(100, 90, 8, 2, 2), Now, None)).ShouldBeEmpty();
        (await Store.MarkNormalizedAsync(Lab, "nothing", new(1, 1, 1, 1, 1), Now, None)).ShouldBeEmpty();

        (await FactsAsync("c1")).Collection.ShouldSatisfyAllConditions(
            collection => collection.Received.ShouldBe(100),
            collection => collection.New.ShouldBe(90),
            collection => collection.Updated.ShouldBe(8),
            collection => collection.Unattributed.ShouldBe(2),
            collection => collection.Quarantined.ShouldBe(2));
        (await FactsAsync("c2")).Collection.Received.ShouldBe(0);
    }

    [Fact]
    public async Task A_search_that_failed_leaves_gaps_with_their_evidence_and_waits_for_nobody()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), FifthOfJanuary)]);
        await PageAsync((await OpenAsync()).Single(), Trouble());
        await PageAsync((await OpenAsync()).Single(), Trouble());
        await WalkAsync();

        (await FactsAsync("c1")).ShouldSatisfyAllConditions(
            facts => facts.OpenSearches.ShouldBe(0),
            facts => facts.Coverage[Tag("a").ClauseId].Count.ShouldBe(1),
            facts => facts.Coverage[Tag("a").ClauseId].ShouldAllBe(day => day.State == CoverageState.Gap && day.Reason == GapReason.Blackout && day.LogId == "log"),
            facts => facts.Collection.Failed.ShouldBe(2));
    }

    [Fact]
    public async Task A_search_that_was_lost_covers_what_it_read_and_its_successor_serves_the_same_collections()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("c2", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"))]);
        await PageAsync((await OpenAsync()).Single(), Ok(more: true));
        for (var i = 0; i < 5; i++)
        {
            await PageAsync((await OpenAsync()).Single(), Trouble());
        }

        var successor = (await OpenAsync()).ShouldHaveSingleItem();
        successor.Collections.ShouldBe(["c1", "c2"]);
        successor.Search.Window.ShouldBe(new Days(new(2026, 1, 1), new(2026, 1, 20)));
        (await FactsAsync("c2")).Coverage.ShouldBeEmpty();
        await NormalizeAllAsync();
        (await FactsAsync("c2")).Coverage[Tag("a").ClauseId].Select(day => day.Day).ShouldBe(new Days(new(2026, 1, 21), new(2026, 1, 31)).Each());
        await FinishAsync(Ok());
        (await FactsAsync("c2")).Coverage[Tag("a").ClauseId].Count.ShouldBe(31);
    }

    [Fact]
    public async Task What_stops_a_search_fails_the_active_collections_and_the_search_can_go_on()
    {
        await SubmitAsync(Collection("active"), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("paused", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"))]);
        await Store.ChangeAsync(Lab, "paused", collection => collection with { State = CollectionState.Paused }, None);

        await PageAsync((await OpenAsync()).Single(), Trouble(ResearchApi.ApiErrorClass.ScopeNotAuthorized));

        (await FactsAsync("active")).Collection.ShouldSatisfyAllConditions(collection => collection.State.ShouldBe(CollectionState.Failed), collection => collection.Failure.ShouldNotBeEmpty());
        (await FactsAsync("paused")).Collection.State.ShouldBe(CollectionState.Paused);
        (await OpenAsync()).ShouldBeEmpty();
        await Store.ChangeAsync(Lab, "paused", collection => collection with { State = CollectionState.Running }, None);
        (await OpenAsync()).ShouldHaveSingleItem().Checkpoint.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task A_gap_that_is_asked_for_again_is_pending_for_whoever_asks_and_a_gap_for_everybody_else()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), FifthOfJanuary)]);
        await PageAsync((await OpenAsync()).Single(), Trouble());
        await PageAsync((await OpenAsync()).Single(), Trouble());
        await WalkAsync();
        await SubmitAsync(Collection("c2", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"), FifthOfJanuary)]);
        (await OpenAsync()).ShouldBeEmpty();

        await Store.ChangeAsync(Lab, "c2", collection => collection with { State = CollectionState.CompleteWithGaps }, None);
        (await ContinueAsync("c2", Now.AddDays(4)))!.State.ShouldBe(CollectionState.Running);

        (await OpenAsync()).ShouldHaveSingleItem().Collections.ShouldBe(["c2"]);
        (await FactsAsync("c1")).ShouldSatisfyAllConditions(facts => facts.OpenSearches.ShouldBe(0), facts => facts.OpenDays.ShouldBeEmpty(), facts => facts.Coverage[Tag("a").ClauseId].Count.ShouldBe(1));
        (await FactsAsync("c2")).OpenDays[Tag("a").ClauseId].ShouldBe([FifthOfJanuary]);

        await FinishAsync(Ok());
        (await FactsAsync("c1")).Coverage[Tag("a").ClauseId].ShouldAllBe(day => day.State == CoverageState.Complete);
    }

    [Fact]
    public async Task What_a_walk_suspects_and_draws_is_kept_with_it_and_days_in_doubt_are_complete()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var first = (await OpenAsync()).Single();
        var suspicious = new Checkpoint { Cursor = 100, TikTokSearchId = "7", LowestId = "5", OldestAt = Now, PerHour = 3.25, Regions = RegionSpelling.Capitals, TrustsSmall = true, Drawn = 3, Draws = 2 };
        await PageAsync(first, Ok(more: true), new Step.GoOn(suspicious));
        (await OpenAsync()).Single().Checkpoint.ShouldBe(suspicious);

        var again = first.Search with { SearchId = "again", Rereads = ["x", "y"], RereadsInPlace = 2, Suspect = new("1", "2", IsSmall: true), Sample = 50 };
        await PageAsync((await OpenAsync()).Single(), Ok(), new Step.Finished(Covered: null, Missing: null, [again]));
        var kept = (await OpenAsync()).Single();
        kept.Search.Rereads.ShouldBe(again.Rereads);
        (kept.Search.RereadsInPlace, kept.Search.Suspect, kept.Search.Sample).ShouldBe((2, again.Suspect, 50));

        await PageAsync(kept, Ok(), new Step.Finished(January, Missing: null, []) { DoubtfulTo = new(2026, 1, 10) });
        await NormalizeAllAsync();
        var known = (await FactsAsync("c1")).Coverage[Tag("a").ClauseId];
        known.Count.ShouldBe(31);
        known.Where(DayCoverage.IsDoubtful).Select(day => day.Day.Day).ShouldBe(Enumerable.Range(1, 10));
        known.ShouldAllBe(day => day.State == CoverageState.Complete);
    }

    [Fact]
    public async Task What_is_complete_stays_complete_when_a_later_search_fails()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        await FinishAsync(Ok());
        var again = new Search { LabId = Lab, SearchId = "again", Kind = SearchKind.Videos, Class = ClauseClass.Hashtag, Window = January, Clauses = [new(Tag("a"), January)], Priority = Priority.Interactive, CreatedAt = Now };
        await Store.SubmitAsync(Collection("c2"), [Asked(Tag("a"))], [], _ => Plan(Collection("c2"), [], [], Empty) with { Searches = [again] }, None);
        await PageAsync((await OpenAsync()).Single(), Trouble());
        await PageAsync((await OpenAsync()).Single(), Trouble());

        (await FactsAsync("c1")).Coverage[Tag("a").ClauseId].ShouldAllBe(day => day.State == CoverageState.Complete);
    }

    [Fact]
    public async Task Continuing_changes_and_plans_in_one_step_and_only_what_is_active()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var before = (await FactsAsync("c1")).Collection.Sequence;
        (await ContinueAsync("c1"))!.Sequence.ShouldBeGreaterThan(before);
        (await OpenAsync()).ShouldHaveSingleItem();

        await Store.ChangeAsync(Lab, "c1", collection => collection with { State = CollectionState.Paused }, None);
        await Store.ContinueAsync(Lab, "c1", _ => null, (_, _, _, _) => throw new InvalidOperationException("planned for one that waits"), None);
        (await Store.ContinueAsync(Lab, "nobody", _ => null, (_, _, _, _) => throw new InvalidOperationException(), None)).ShouldBeNull();
    }

    [Fact]
    public async Task Unripe_days_are_gaps_until_their_time_comes()
    {
        var days = new Days(new(2026, 3, 29), new(2026, 3, 31));
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), days)]);
        await FinishAsync(Ok());

        (await FactsAsync("c1")).Coverage[Tag("a").ClauseId].Select(day => day.Reason).ShouldBe([GapReason.Unspecified, GapReason.NotYetIndexed, GapReason.NotYetIndexed]);
        await ContinueAsync("c1", Now.AddDays(1));
        (await OpenAsync()).ShouldHaveSingleItem().Search.Window.ShouldBe(new Days(new(2026, 3, 30), new(2026, 3, 30)));
    }

    [Fact]
    public async Task Pages_are_listed_in_the_order_of_storing_and_counted_while_they_wait()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a")), Asked(Word("x"))]);
        await SubmitAsync(Collection("c2", lab: "other"), [Asked(Tag("a"))]);
        List<string> kept = [];
        foreach (var open in await OpenAsync())
        {
            kept.Add((await PageAsync(open, Ok(more: false, $"{kept.Count}"))).PageId);
        }

        List<RawPage> listed = [];
        for (var after = 0L; listed.Count < 3; after = listed[^1].Sequence)
        {
            listed.Add((await Store.ListPagesAsync("", onlyUnanswered: true, after, 1, None)).ShouldHaveSingleItem());
        }

        listed.Select(page => page.PageId).ShouldBe(kept);
        (await Store.ListPagesAsync(Lab, onlyUnanswered: true, 0, 10, None)).Count.ShouldBe(2);
        (await Store.CountUnansweredAsync(Lab, "c1", None)).ShouldBe(2);
        (await Store.CountUnansweredAsync(Lab, "", None)).ShouldBe(2);
        (await Store.CountUnansweredAsync("other", "c1", None)).ShouldBe(0);
        var mine = listed.First(page => page.LabId == Lab);
        await Store.MarkNormalizedAsync(Lab, mine.PageId, new(1, 1, 0, 0, 0), Now, None);
        (await Store.CountUnansweredAsync(Lab, "c1", None)).ShouldBe(1);
        (await Store.ListPagesAsync(Lab, onlyUnanswered: false, 0, 10, None)).Single(page => page.Normalized).PageId.ShouldBe(mine.PageId);
    }

    [Fact]
    public async Task The_videos_of_a_search_are_those_of_its_kept_pages()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var open = (await OpenAsync()).Single();
        await PageAsync(open, Ok(more: true, "1", "2"));
        await PageAsync((await OpenAsync()).Single(), Ok(more: true, "2", "3") with { Cursor = 200 });

        (await Store.ListVideoIdsAsync(Lab, open.Search.SearchId, None)).Distinct().ShouldBe(["1", "2", "3"], ignoreOrder: true);
        (await Store.ListVideoIdsAsync("other", open.Search.SearchId, None)).ShouldBeEmpty();
    }

    private static PlanningState Empty => new()
    {
        Coverage = new Dictionary<string, IReadOnlyList<CoveredDay>>(),
        OpenSearches = new Dictionary<string, IReadOnlyList<OpenSearchDays>>(),
        Lists = new Dictionary<ListKey, ListFact>(),
    };
}
