using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

public abstract partial class CollectorStoreContract
{
    private static readonly Days Run = new(new(2026, 1, 20), new(2026, 2, 20));

    [Fact]
    public async Task What_a_page_says_of_a_day_is_known_to_every_lab_for_its_class_alone()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), FifthOfJanuary)]);
        await PageAsync((await OpenAsync()).Single(), Trouble());
        (await Store.ReadBlackoutsAsync(ClauseClass.Hashtag, None)).ShouldSatisfyAllConditions(known => known.Days.ShouldBeEmpty(), known => known.Exploration.ShouldNotBeNull());
        await PageAsync((await OpenAsync()).Single(), Trouble());

        var known = await Store.ReadBlackoutsAsync(ClauseClass.Hashtag, None);

        var day = known.Days.Values.ShouldHaveSingleItem();
        (day.Day, day.Light, day.Tries, day.FirstAt, day.LastAt).ShouldBe((FifthOfJanuary.From, DayLight.Bad, 1, Now, Now));
        day.LogIds.ShouldBe(["log"]);
        known.Exploration.ShouldBeNull();
        (await Store.ReadBlackoutsAsync(ClauseClass.Keyword, None)).Days.ShouldBeEmpty();
        (await Store.ReadPlanningStateAsync("other", [Asked(Tag("b"))], [], None)).Blackouts[ClauseClass.Hashtag].IsDark(FifthOfJanuary.From).ShouldBeTrue();
    }

    [Fact]
    public async Task A_day_that_another_lab_finds_dark_costs_nothing_and_has_its_evidence()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), FifthOfJanuary)]);
        await PageAsync((await OpenAsync()).Single(), Trouble());
        await PageAsync((await OpenAsync()).Single(), Trouble());

        await SubmitAsync(Collection("c1", lab: "other"), [Asked(Tag("b"), FifthOfJanuary)]);

        (await OpenAsync()).ShouldBeEmpty();
        var gap = (await Store.ReadFactsAsync("other", "c1", None))!.Coverage[Tag("b").ClauseId].ShouldHaveSingleItem();
        (gap.Reason, gap.LogId).ShouldBe((GapReason.Blackout, "log"));
    }

    [Fact]
    public async Task While_a_class_is_explored_its_later_searches_are_left_out_and_the_one_that_tests_comes_first()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), Quarter), Asked(Word("w"), Quarter)]);
        var first = (await OpenAsync()).First(open => open.Search.Class == ClauseClass.Hashtag && open.Search.Window.From == Quarter.From);
        await PageAsync(first, Trouble());

        var later = Now.AddMinutes(1);
        var open = await Store.ListOpenAsync(awake: null, later, 10, None);
        open[0].Search.SearchId.ShouldBe(first.Search.SearchId);
        open.Count(each => each.Search.Class == ClauseClass.Hashtag).ShouldBe(1);
        open.Count(each => each.Search.Class == ClauseClass.Keyword).ShouldBe(3);
        (await Store.ListOpenAsync(awake: null, Now.AddMinutes(3), 10, None)).Count(each => each.Search.Class == ClauseClass.Hashtag).ShouldBe(3);
    }

    [Fact]
    public async Task Of_two_who_carry_an_exploration_on_one_does()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        await PageAsync((await OpenAsync()).Single(), Trouble());
        await PageAsync((await OpenAsync()).Single(), Trouble());
        var open = (await Store.ListOpenAsync(awake: null, Now, 10, None)).ShouldHaveSingleItem();
        var known = await Store.ReadBlackoutsAsync(ClauseClass.Hashtag, None);
        var turn = Shade.Of(open.Search, open.Checkpoint, known, Now).ShouldBeOfType<Shade.Turns>().Turn;

        (await Store.TurnAsync(open, turn, None)).ShouldBeTrue();
        (await Store.TurnAsync(open, turn, None)).ShouldBeFalse();

        var tester = (await Store.ListOpenAsync(awake: null, Now, 10, None)).ShouldHaveSingleItem();
        tester.Search.Window.ShouldBe(known.Exploration!.Test);
        (await Store.ReadBlackoutsAsync(ClauseClass.Hashtag, None)).Exploration!.By.ShouldBe(tester.Search.SearchId);
        (await FactsAsync("c1")).OpenSearches.ShouldBe(2);
    }

    [Fact]
    public async Task A_run_over_several_windows_is_explored_once_for_all_who_ask()
    {
        await SubmitAsync(Collection("c1"), [Asked(Word("a"), Quarter)]);
        await SubmitAsync(Collection("c2", createdAt: Now.AddSeconds(1)), [Asked(Word("b"), Quarter)]);
        await SubmitAsync(Collection("c1", lab: "other"), [Asked(Word("c"), Quarter)]);

        var failed = await WalkAsync();

        failed.ShouldBeLessThanOrEqualTo(20);
        foreach (var (lab, id, word) in new[] { (Lab, "c1", "a"), (Lab, "c2", "b"), ("other", "c1", "c") })
        {
            var coverage = (await Store.ReadFactsAsync(lab, id, None))!.Coverage[Word(word).ClauseId];
            coverage.Count.ShouldBe(Quarter.Count);
            coverage.Where(day => day.State == CoverageState.Gap).Select(day => day.Day).ShouldBe(Run.Each(), $"{lab} {id}");
            coverage.Where(day => day.State == CoverageState.Gap).ShouldAllBe(day => day.LogId == "log" && (day.Reason == GapReason.Blackout || day.Reason == GapReason.BlackoutSuspect));
        }

        (await Store.ReadBlackoutsAsync(ClauseClass.Keyword, None)).Days.Values.Sum(day => day.Tries).ShouldBeLessThanOrEqualTo(failed);
    }

    [Fact]
    public async Task A_day_that_another_lab_finds_good_again_is_good_and_those_beside_it_wake()
    {
        await SubmitAsync(Collection("c1"), [Asked(Word("a"), Quarter)]);
        await WalkAsync();
        var probe = new Search { LabId = "other", SearchId = "probe", Kind = SearchKind.Videos, Class = ClauseClass.Keyword, Window = new(new(2026, 2, 1), new(2026, 2, 1)), Clauses = [new(Word("b"), new(new(2026, 2, 1), new(2026, 2, 1)))], IsProbe = true, Priority = Priority.Interactive, CreatedAt = Now };
        await Store.SubmitAsync(Collection("c1", lab: "other"), [Asked(Word("b"), FifthOfJanuary)], [], _ => Plan(Collection("c1", lab: "other"), [], [], Empty) with { Searches = [probe] }, None);
        var open = (await OpenAsync()).ShouldHaveSingleItem();

        var begun = await BeginAsync(open);
        var around = await new SearchSurroundings(Store).OfAsync(open, Ok(), None);
        await Store.KeepPageAsync(begun, Page(open, Ok(), begun.Checkpoint.InFlightGrant), Ok(), Walker.Decide(open.Search, open.Checkpoint, Ok(), around, Now.AddDays(1), Options), None);

        var known = await Store.ReadBlackoutsAsync(ClauseClass.Keyword, None);
        new Days(new(2026, 1, 30), new(2026, 2, 3)).Each().Select(day => known.At(day)!.Light).ShouldBe([DayLight.Waking, DayLight.Waking, DayLight.Good, DayLight.Waking, DayLight.Waking]);
        known.IsDark(new(2026, 1, 29)).ShouldBeTrue();
        known.IsDark(new(2026, 2, 4)).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_ended_without_dark_days_is_listed_until_it_has_them()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("c1", lab: "other"), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("limited"), [Asked(Tag("a"))]);
        var gapped = Collection("c1") with { State = CollectionState.CompleteWithGaps, DarkGaps = [new(ClauseClass.Hashtag, FifthOfJanuary)] };
        (await Store.ListAwaitingLightAsync(None)).ShouldBeEmpty();

        foreach (var (lab, id, limited) in new[] { (Lab, "c1", false), ("other", "c1", false), (Lab, "limited", true) })
        {
            await Store.ChangeAsync(lab, id, before => before with { State = gapped.State, DarkGaps = gapped.DarkGaps, LimitReached = limited }, None);
        }

        var listed = await Store.ListAwaitingLightAsync(None);
        listed.Select(each => (each.LabId, each.CollectionId)).ShouldBe([(Lab, "c1"), ("other", "c1")], ignoreOrder: true);
        listed[0].DarkGaps.ShouldBe(gapped.DarkGaps);
        await Store.ChangeAsync(Lab, "c1", before => before with { State = CollectionState.Running }, None);
        (await Store.ListAwaitingLightAsync(None)).ShouldHaveSingleItem().LabId.ShouldBe("other");
    }

    /// <summary>Walks everything as the runner does while <see cref="Run"/> is dark, and returns how many requests failed.</summary>
    private async Task<int> WalkAsync()
    {
        var failed = 0;
        while (await Store.ListOpenAsync(awake: null, Now.AddMinutes(1), 8, None) is [var open, ..])
        {
            var known = await Store.ReadBlackoutsAsync(open.Search.Class, None);
            if (Shade.Of(open.Search, open.Checkpoint, known, Now) is Shade.Turns { Turn: var turn })
            {
                (await Store.TurnAsync(open, turn, None)).ShouldBeTrue();
                continue;
            }

            var fails = open.Search.Window.Intersect(Run) is not null;
            failed += fails ? 1 : 0;
            await PageAsync(open, fails ? Trouble() : Ok());
        }

        await NormalizeAllAsync();
        return failed;
    }
}
