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
        (await Store.ReadBlackoutsAsync(ClauseClass.Hashtag, None)).Days.ShouldBeEmpty("it may be TikTok that is down");
        await WalkAsync();

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
        await WalkAsync();

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
        var turn = Shade.Of(open.Search, open.Checkpoint, known, Outage.None, Now, Options).ShouldBeOfType<Shade.Turns>().Turn;

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
        var (around, _) = await new SearchSurroundings(Store, Options).OfAsync(open, Ok(), control: null, Now, None);
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

    [Fact]
    public async Task Whether_TikTok_answers_is_one_thing_for_every_lab_and_of_two_who_would_ask_one_does()
    {
        CollectorJson.Write(await Store.ReadOutageAsync(None)).ShouldBe(CollectorJson.Write(Outage.None));
        (await Store.ChangeOutageAsync(_ => null, None)).IsChanged.ShouldBeFalse();
        (await Store.ChangeOutageAsync(known => known, None)).IsChanged.ShouldBeFalse();
        var open = new Outage { AliveAt = Now, Failures = 6, Doubt = 9, Since = Now.AddSeconds(1), FailedControls = 2, OpenedAt = Now.AddMinutes(1), Tries = 1, NextTryAt = Now.AddMinutes(2), Last = new(Now.AddDays(-2), Now.AddDays(-1)), Good = [new(ClauseClass.Keyword, January, Now)] };

        (await Store.ChangeOutageAsync(_ => open, None)).IsChanged.ShouldBeTrue();

        CollectorJson.Write(await Store.ReadOutageAsync(None)).ShouldBe(CollectorJson.Write(open));
        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store.ChangeOutageAsync(known => Breaker.Claimed(known, Now.AddMinutes(3)), None)));
        claims.Count(claim => claim.IsChanged).ShouldBe(1);
    }

    [Fact]
    public async Task What_an_outage_made_of_an_exploration_is_taken_back_and_leaves_no_gap()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), FifthOfJanuary)]);
        await PageAsync((await OpenAsync()).Single(), Trouble(), at: Now.AddSeconds(1));
        await PageAsync((await OpenAsync()).Single(), Trouble(), at: Now.AddSeconds(2));
        (await Store.ReadBlackoutsAsync(ClauseClass.Hashtag, None)).Exploration!.Unproven.ShouldHaveSingleItem().Days.ShouldBe(FifthOfJanuary);

        await Store.ChangeOutageAsync(known => known with { AliveAt = Now.AddHours(1), Last = new(Now, Now.AddHours(1)) }, None);
        var open = (await OpenAsync()).ShouldHaveSingleItem();
        var turn = Shade.Of(open.Search, open.Checkpoint, await Store.ReadBlackoutsAsync(ClauseClass.Hashtag, None), await Store.ReadOutageAsync(None), Now.AddHours(2), Options).ShouldBeOfType<Shade.Turns>().Turn;
        (await Store.TurnAsync(open, turn, None)).ShouldBeTrue();

        (await Store.ReadBlackoutsAsync(ClauseClass.Hashtag, None)).ShouldSatisfyAllConditions(known => known.Exploration.ShouldBeNull(), known => known.Days.ShouldBeEmpty());
        (await FactsAsync("c1")).Coverage.Values.SelectMany(days => days).ShouldBeEmpty();
        await PageAsync((await OpenAsync()).Single(), Ok(), at: Now.AddHours(3));
        await NormalizeAllAsync();
        (await FactsAsync("c1")).Coverage[Tag("a").ClauseId].ShouldHaveSingleItem().State.ShouldBe(CoverageState.Complete);
    }

    /// <summary>Walks everything as the runner does while <see cref="Run"/> and days that failed before are dark, and returns how many requests failed.</summary>
    private async Task<int> WalkAsync()
    {
        var failed = 0;
        for (var now = Now.AddMinutes(1); await Store.ListOpenAsync(awake: null, now, 8, None) is { Count: > 0 } open; now = now.AddSeconds(1))
        {
            var outage = await Store.ReadOutageAsync(None);
            var (isTurned, next) = await TurnAsync(open, outage, now);
            if (isTurned)
            {
                continue;
            }

            if (next is null || Breaker.Of(outage, now) is not Gate.Free)
            {
                var control = new Answer(Sign.Works, IsControl: true, open[0].Search.Class, Good: null);
                await Store.ChangeOutageAsync(known => Breaker.After(known, control, now, Options), None);
                continue;
            }

            var fails = next.Search.Window.Intersect(Run) is not null;
            failed += fails ? 1 : 0;
            await PageAsync(next, fails ? Trouble() : Ok(), at: now);
        }

        await NormalizeAllAsync();
        return failed;
    }

    /// <summary>Lets the first search that has something to turn do so; otherwise the first one that may send.</summary>
    private async Task<(bool IsTurned, OpenSearch? Next)> TurnAsync(IReadOnlyList<OpenSearch> open, Outage outage, DateTimeOffset now)
    {
        foreach (var each in open)
        {
            var known = await Store.ReadBlackoutsAsync(each.Search.Class, None);
            switch (Shade.Of(each.Search, each.Checkpoint, known, outage, now, Options))
            {
                case Shade.Turns { Turn: var turn }:
                    (await Store.TurnAsync(each, turn, None)).ShouldBeTrue();
                    return (true, null);
                case Shade.None:
                    return (false, each);
            }
        }

        return (false, null);
    }
}
