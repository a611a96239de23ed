using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>Requests: who may send, who pays, what is left after a crash.</summary>
public abstract partial class CollectorStoreContract
{
    [Fact]
    public async Task Of_many_who_begin_the_same_request_one_may_send_and_one_unit_is_paid()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var open = (await OpenAsync()).Single();
        var self = await HolderAsync();
        var store = Store;
        var stores = new[] { store, Beside(store) };

        var begun = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => stores[i % 2].BeginRequestAsync(open, $"g{i}", self, Now, None))));

        begun.Count(won => won).ShouldBe(1);
        (await FactsAsync("c1")).Collection.Sent.ShouldBe(1);
        (await Store.ListInFlightAsync(None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_request_is_not_begun_from_a_checkpoint_that_has_moved_or_from_one_in_flight()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var before = (await OpenAsync()).Single();
        await PageAsync(before, Ok(more: true));

        (await TryBeginAsync(before, "late")).ShouldBeFalse();
        await BeginAsync((await OpenAsync()).Single());
        var inFlight = (await OpenAsync()).Single();
        (await TryBeginAsync(inFlight, "second")).ShouldBeFalse();
        (await FactsAsync("c1")).Collection.Sent.ShouldBe(2);
    }

    [Fact]
    public async Task The_oldest_active_collection_pays_and_another_one_takes_over()
    {
        await SubmitAsync(Collection("older"), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("younger", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"))]);

        await PageAsync((await OpenAsync()).Single(), Ok(more: true));
        await Store.ChangeAsync(Lab, "older", collection => collection with { State = CollectionState.Paused }, None);
        await PageAsync((await OpenAsync()).Single(), Ok(more: true));
        await Store.ChangeAsync(Lab, "younger", collection => collection with { State = CollectionState.Cancelled }, None);

        (await FactsAsync("older")).Collection.Sent.ShouldBe(1);
        (await FactsAsync("younger")).Collection.Sent.ShouldBe(1);
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_became_inactive_since_the_search_was_listed_does_not_pay()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var open = (await OpenAsync()).Single();
        await Store.ChangeAsync(Lab, "c1", collection => collection with { State = CollectionState.Paused }, None);

        (await TryBeginAsync(open, "g")).ShouldBeFalse();
        (await FactsAsync("c1")).Collection.ShouldSatisfyAllConditions(collection => collection.Sent.ShouldBe(0), collection => collection.LimitReached.ShouldBeFalse());
    }

    [Fact]
    public async Task No_more_units_are_spent_than_a_collection_allows_and_others_pay_for_themselves()
    {
        await SubmitAsync(Collection("poor", maxUnits: 2), [Asked(Tag("a"), Quarter)]);
        await SubmitAsync(Collection("rich", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"), Quarter)]);
        for (var i = 0; i < 3; i++)
        {
            await PageAsync((await OpenAsync())[0], Ok());
        }

        (await FactsAsync("poor")).Collection.ShouldSatisfyAllConditions(collection => collection.Sent.ShouldBe(2), collection => collection.LimitReached.ShouldBeTrue());
        (await FactsAsync("rich")).Collection.ShouldSatisfyAllConditions(collection => collection.Sent.ShouldBe(1), collection => collection.LimitReached.ShouldBeFalse());
    }

    [Fact]
    public async Task A_limit_is_told_when_the_next_request_is_refused_and_not_before()
    {
        await SubmitAsync(Collection("c1", maxUnits: 1), [Asked(Tag("a"), Quarter)]);
        await PageAsync((await OpenAsync())[0], Ok());
        (await FactsAsync("c1")).Collection.LimitReached.ShouldBeFalse();

        var next = (await OpenAsync())[0];
        (await TryBeginAsync(next, "g")).ShouldBeFalse();

        (await FactsAsync("c1")).Collection.ShouldSatisfyAllConditions(collection => collection.LimitReached.ShouldBeTrue(), collection => collection.Sent.ShouldBe(1));
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_collection_paid_for_is_unsettled_until_it_has_become_records()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"), Quarter)]);
        (await FactsAsync("c1")).Unsettled.ShouldBe(0);

        var begun = await BeginAsync((await OpenAsync())[0]);
        (await FactsAsync("c1")).Unsettled.ShouldBeGreaterThan(0);
        await Store.KeepPageAsync(begun, Page(begun, Ok(), begun.Checkpoint.InFlightGrant), Ok(), Walker.Decide(begun.Search, begun.Checkpoint with { InFlightGrant = "" }, Ok(), Now, Options), None);
        (await FactsAsync("c1")).Unsettled.ShouldBeGreaterThan(0);
        await NormalizeAllAsync();

        (await FactsAsync("c1")).ShouldSatisfyAllConditions(facts => facts.Unsettled.ShouldBe(0), facts => facts.OpenSearches.ShouldBeGreaterThan(0));
    }

    [Fact]
    public async Task A_request_that_was_never_sent_is_taken_back_once()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var begun = await BeginAsync((await OpenAsync()).Single());

        await Store.AbandonRequestAsync(begun, Now.AddSeconds(5), None);
        await Store.AbandonRequestAsync(begun, Now.AddSeconds(9), None);

        (await FactsAsync("c1")).Collection.Sent.ShouldBe(0);
        var open = (await OpenAsync()).Single();
        open.Checkpoint.ShouldBe(Checkpoint.Start with { NotBefore = Now.AddSeconds(5) });
    }

    [Fact]
    public async Task An_untold_grant_is_kept_with_the_search_until_it_is_told_once()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var begun = await BeginAsync((await OpenAsync()).Single());

        await Store.AbandonRequestAsync(Untold(begun, GrantOutcome.NeverSent), Now, None);
        var waits = (await Store.ListInFlightAsync(None)).ShouldHaveSingleItem();
        waits.Checkpoint.ShouldBe(Checkpoint.Start with { NotBefore = Now, Untold = new("grant 1", GrantOutcome.NeverSent) });
        (await FactsAsync("c1")).Unsettled.ShouldBeGreaterThan(0);
        await Store.NoteToldAsync(waits with { Checkpoint = waits.Checkpoint with { Untold = new("grant 0", GrantOutcome.NeverSent) } }, None);
        (await Store.ListInFlightAsync(None)).Count.ShouldBe(1);

        await Store.NoteToldAsync(waits, None);
        await Store.NoteToldAsync(waits, None);
        (await Store.ListInFlightAsync(None)).ShouldBeEmpty();
        (await FactsAsync("c1")).Unsettled.ShouldBe(0);

        var more = await BeginAsync((await OpenAsync()).Single());
        await Store.KeepPageAsync(Untold(more, GrantOutcome.Answered), Page(more, Ok(more: true), more.Checkpoint.InFlightGrant), Ok(more: true), Walker.Decide(more.Search, more.Checkpoint with { InFlightGrant = "" }, Ok(more: true), Now, Options), None);
        (await Store.ListInFlightAsync(None)).ShouldHaveSingleItem().Checkpoint.Untold.ShouldBe(new(more.Checkpoint.InFlightGrant, GrantOutcome.Answered));

        var again = await BeginAsync((await OpenAsync()).Single());
        await Store.KeepPageAsync(Untold(again, GrantOutcome.Answered), Page(again, Ok(), again.Checkpoint.InFlightGrant), Ok(), Walker.Decide(again.Search, again.Checkpoint with { InFlightGrant = "" }, Ok(), Now, Options), None);
        await NormalizeAllAsync();
        var ended = (await Store.ListInFlightAsync(None)).ShouldHaveSingleItem();
        ended.Checkpoint.Untold.ShouldBe(new(again.Checkpoint.InFlightGrant, GrantOutcome.Answered));
        await Store.NoteToldAsync(ended, None);
        (await Store.ListInFlightAsync(None)).ShouldBeEmpty();

        static OpenSearch Untold(OpenSearch open, GrantOutcome outcome) => open with { Checkpoint = open.Checkpoint with { Untold = new(open.Checkpoint.InFlightGrant, outcome) } };
    }

    [Fact]
    public async Task A_request_of_unknown_outcome_is_counted_once_and_may_be_repeated_as_another_attempt()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        await BeginAsync((await OpenAsync()).Single());
        var lost = (await Store.ListInFlightAsync(None)).Single();
        lost.Checkpoint.InFlightGrant.ShouldBe("grant 1");

        await Store.ForgetRequestAsync(lost, None);
        await Store.ForgetRequestAsync(lost, None);

        (await FactsAsync("c1")).Collection.ShouldSatisfyAllConditions(collection => collection.Sent.ShouldBe(1), collection => collection.Failed.ShouldBe(1));
        (await Store.ListInFlightAsync(None)).ShouldBeEmpty();
        (await OpenAsync()).Single().Checkpoint.ShouldBe(Checkpoint.Start with { Attempt = 1 });
    }

    [Fact]
    public async Task A_request_that_was_forgotten_after_its_page_was_kept_changes_nothing()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var begun = await BeginAsync((await OpenAsync()).Single());
        await Store.KeepPageAsync(begun, Page(begun, Ok(more: true), begun.Checkpoint.InFlightGrant), Ok(more: true), Walker.Decide(begun.Search, Checkpoint.Start, Ok(more: true), Now, Options), None);
        var after = (await OpenAsync()).Single();

        await Store.ForgetRequestAsync(begun, None);
        await Store.AbandonRequestAsync(begun, Now, None);

        (await OpenAsync()).Single().ShouldBeEquivalentTo(after);
        (await FactsAsync("c1")).Collection.ShouldSatisfyAllConditions(collection => collection.Sent.ShouldBe(1), collection => collection.Ok.ShouldBe(1), collection => collection.Failed.ShouldBe(0));
    }

    [Fact]
    public async Task Only_what_is_awake_is_walked_and_only_who_is_awake_pays()
    {
        await SubmitAsync(Collection("asleep"), [Asked(Tag("a")), Asked(Word("x"))]);
        await SubmitAsync(Collection("awake", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"))]);
        await Store.SubmitRefreshAsync(Refresh("r1"), None);

        var open = (await OpenAsync("awake")).ShouldHaveSingleItem();
        open.Collections.ShouldBe(["awake"]);
        await PageAsync(open, Ok());
        (await FactsAsync("asleep")).Collection.Sent.ShouldBe(0);
        (await FactsAsync("awake")).Collection.Sent.ShouldBe(1);
        (await OpenAsync("r1")).ShouldHaveSingleItem().Search.Kind.ShouldBe(SearchKind.Refresh);
        (await OpenAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Searches_come_ripe_first_then_urgent_then_begun_then_oldest()
    {
        await SubmitAsync(Collection("slow", priority: Priority.Backfill), [Asked(Tag("slow"))]);
        await SubmitAsync(Collection("first"), [Asked(Tag("first"))]);
        await SubmitAsync(Collection("begun"), [Asked(Tag("begun"))]);
        await SubmitAsync(Collection("waits"), [Asked(Tag("waits"))]);
        await PageAsync((await OpenAsync()).Single(open => open.Collections.Contains("begun")), Ok(more: true));
        var waits = await BeginAsync((await OpenAsync()).Single(open => open.Collections.Contains("waits")));
        await Store.AbandonRequestAsync(waits, Now.AddSeconds(1), None);

        var open = await Store.ListOpenAsync(awake: null, Now, 10, None);

        open.Select(each => each.Collections.Single()).ShouldBe(["begun", "first", "slow", "waits"]);
        (await Store.ListOpenAsync(awake: null, Now, 2, None)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task One_labs_work_does_not_hide_anothers()
    {
        await SubmitAsync(Collection("many"), [.. Enumerable.Range(0, 20).Select(i => Asked(Word($"w{i}")))]);
        await SubmitAsync(Collection("one", lab: "other", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"))]);

        (await Store.ListOpenAsync(awake: null, Now, 4, None)).GroupBy(open => open.Search.LabId).ToDictionary(lab => lab.Key, lab => lab.Count()).ShouldBe(new Dictionary<string, int> { [Lab] = 4, ["other"] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_search_that_somebody_more_urgent_joins_becomes_urgent()
    {
        await SubmitAsync(Collection("slow", priority: Priority.Backfill), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("quick", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"))]);
        (await OpenAsync()).ShouldHaveSingleItem().Search.Priority.ShouldBe(Priority.Interactive);

        await SubmitAsync(Collection("slower", priority: Priority.Backfill, createdAt: Now.AddSeconds(2)), [Asked(Tag("a"))]);
        (await OpenAsync()).ShouldHaveSingleItem().Search.Priority.ShouldBe(Priority.Interactive);
    }

    [Fact]
    public async Task A_refresh_is_one_however_often_it_is_submitted_and_is_announced_once_it_has_ended()
    {
        await Store.SubmitRefreshAsync(Refresh("r1"), None);
        await Store.SubmitRefreshAsync(Refresh("r1"), None);
        var open = (await OpenAsync()).ShouldHaveSingleItem();
        (await Store.ListEndedRefreshesAsync(None)).ShouldBeEmpty();

        var lost = Walker.Decide(open.Search, open.Checkpoint with { Cursor = 100, TikTokSearchId = "7", Repeats = 4, OldestDay = new(2026, 1, 20) }, Trouble(), Now, Options);
        await PageAsync(open, Ok(more: true, "1"), lost);
        (await Store.ListEndedRefreshesAsync(None)).ShouldBeEmpty();
        await PageAsync((await OpenAsync()).Single(), Ok(more: false, "1", "2"));

        var ended = await Store.ListEndedRefreshesAsync(None);
        ended.ShouldAllBe(refresh => refresh.Answered && refresh.ReadAt == Now);
        ended[0].Returned.ShouldBe(["1", "2"], ignoreOrder: true);
        foreach (var refresh in ended)
        {
            await Store.MarkAnnouncedAsync(Lab, refresh.Search.SearchId, None);
        }

        (await Store.ListEndedRefreshesAsync(None)).ShouldBeEmpty();
        (await OpenAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refresh_that_failed_is_announced_as_unanswered()
    {
        await Store.SubmitRefreshAsync(Refresh("r1"), None);
        await PageAsync((await OpenAsync()).Single(), Trouble(ApiErrorClass.ScopeNotAuthorized));

        (await Store.ListEndedRefreshesAsync(None)).ShouldHaveSingleItem().ShouldSatisfyAllConditions(ended => ended.Answered.ShouldBeFalse(), ended => ended.Covered.ShouldBeNull());
    }

    [Fact]
    public async Task A_refresh_that_goes_around_dark_days_is_announced_with_what_was_answered_for()
    {
        await Store.SubmitRefreshAsync(Refresh("r1"), None);
        var open = (await OpenAsync()).Single();
        var lit = new Days(January.From, January.From.AddDays(8));
        var part = open.Search.Within(lit) with { SearchId = "r1k0" };
        var turn = new Turn(new(Covered: null, Missing: null, [part]) { Dark = [new(January with { From = lit.To.AddDays(1) }, DayLight.Bad, "log")] }, News: null);
        (await Store.TurnAsync(open, turn, None)).ShouldBeTrue();
        (await Store.ListEndedRefreshesAsync(None)).ShouldBeEmpty("a part of it is open");

        await PageAsync((await OpenAsync()).Single(), Ok(more: false, "1"));

        var ended = await Store.ListEndedRefreshesAsync(None);
        ended.Select(each => (each.Search.SearchId, each.Answered, each.Covered)).ShouldBe([("r1", false, null), ("r1k0", true, lit)], ignoreOrder: true);
        ended.ShouldAllBe(each => each.Returned.SequenceEqual(new[] { "1" }));
    }

    [Fact]
    public async Task A_check_keeps_its_task_over_a_restart_and_is_announced_with_what_its_download_held()
    {
        await Store.SubmitRefreshAsync(Refresh("r1") with { Checks = CheckedItems.Comments, Window = new(January.From, January.From) }, None);
        var open = (await OpenAsync()).ShouldHaveSingleItem();
        open.Search.Checks.ShouldBe(CheckedItems.Comments);

        await PageAsync(open, Ok() with { TaskId = "75000000000000000001" });
        var asking = (await Store.ListOpenAsync(awake: null, Now.AddHours(1), 10, None)).ShouldHaveSingleItem();
        (asking.Checkpoint.Cursor, asking.Checkpoint.Check).ShouldBe((ComplianceSteps.Status, new CheckTask { TaskId = "75000000000000000001", Tasks = 1, CreatedAt = Now }));
        await PageAsync(asking, Ok() with { TaskState = ValidationTaskState.Completed });
        await PageAsync((await OpenAsync()).Single(), Ok(more: false, "1", "3"));

        var ended = (await Store.ListEndedRefreshesAsync(None)).ShouldHaveSingleItem();
        (ended.Answered, ended.Failure).ShouldBe((true, ""));
        ended.Returned.ShouldBe(["1", "3"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_check_that_came_to_nothing_is_announced_with_the_reason()
    {
        await Store.SubmitRefreshAsync(Refresh("r1") with { Checks = CheckedItems.Videos }, None);

        await PageAsync((await OpenAsync()).Single(), Trouble(ApiErrorClass.ScopeNotAuthorized) with { Code = "scope_not_authorized" });

        var ended = (await Store.ListEndedRefreshesAsync(None)).ShouldHaveSingleItem();
        (ended.Answered, ended.Failure).ShouldBe((false, "scope_not_authorized"));
        (await OpenAsync()).ShouldBeEmpty();
    }
}
