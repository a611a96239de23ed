using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class WalkerTests
{
    [Fact]
    public void A_page_with_more_to_come_moves_the_checkpoint_and_forgets_earlier_trouble()
    {
        var before = SecondPage() with { Attempt = 3, Repeats = 2, RateLimits = 1, TokenRefusals = 1, Fruitless = 1, NotBefore = Now };

        var next = Decide(Search(), before, Page(200, "2026-01-15")).ShouldBeOfType<Step.GoOn>().Next;

        next.Cursor.ShouldBe(200);
        next.OldestDay.ShouldBe(new DateOnly(2026, 1, 15));
        next.TikTokSearchId.ShouldBe("7");
        (next.Attempt, next.Repeats, next.RateLimits, next.TokenRefusals, next.Fruitless).ShouldBe((0, 0, 0, 0, 0));
        next.NotBefore.ShouldBe(default);
    }

    [Fact]
    public void The_last_page_covers_the_whole_window_however_few_videos_it_has()
    {
        var step = Decide(Search(), SecondPage(), Page(137, oldest: null, videos: 1, more: false)).ShouldBeOfType<Step.Finished>();

        step.Covered.ShouldBe(Days("2026-01-01", "2026-01-30"));
        step.Missing.ShouldBeNull();
        step.Successors.ShouldBeEmpty();
    }

    [Fact]
    public void A_success_that_holds_nothing_ends_a_search_on_its_first_page_only()
    {
        var nothing = new Outcome { Class = ApiErrorClass.Ok, Code = "ok" };

        Decide(Search(), Checkpoint.Start, nothing).ShouldBeOfType<Step.Finished>().Covered.ShouldBe(Days("2026-01-01", "2026-01-30"));
        var again = Decide(Search(), SecondPage(), nothing).ShouldBeOfType<Step.GoOn>().Next;
        (again.Cursor, again.Attempt, again.Repeats).ShouldBe((SecondPage().Cursor, SecondPage().Attempt + 1, 1));
    }

    [Fact]
    public void The_oldest_day_never_gets_younger()
    {
        Decide(Search(), SecondPage("2026-01-10"), Page(200, "2026-01-15")).ShouldBeOfType<Step.GoOn>().Next.OldestDay.ShouldBe(new DateOnly(2026, 1, 10));
        Decide(Search(), SecondPage("2026-01-10"), Page(200, oldest: null)).ShouldBeOfType<Step.GoOn>().Next.OldestDay.ShouldBe(new DateOnly(2026, 1, 10));
    }

    [Fact]
    public void A_500_on_a_first_page_is_confirmed_once_after_a_pause_and_begins_an_exploration()
    {
        var once = Decide(Search(), Checkpoint.Start, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.GoOn>();
        once.Next.NotBefore.ShouldBe(Now + Options.ConfirmPause);
        once.Next.Cursor.ShouldBe(0);
        once.Next.Attempt.ShouldBe(1);
        once.News!.Exploration!.By.ShouldBe("s");

        var twice = Walker.Decide(Search(), once.Next, Trouble(ApiErrorClass.Internal), Exploring(once), Now, Options).ShouldBeOfType<Step.GoOn>();
        twice.Next.NotBefore.ShouldBe(Now);
        twice.News!.Exploration!.Test.ShouldBe(Days("2026-01-01", "2026-01-15"));
    }

    [Fact]
    public void A_single_day_that_fails_twice_is_a_blackout_with_its_evidence_once_something_else_was_answered()
    {
        var search = Search(from: "2026-01-05", to: "2026-01-05");
        var once = Decide(search, Checkpoint.Start, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.GoOn>();

        var twice = Walker.Decide(search, once.Next, Trouble(ApiErrorClass.Internal), Exploring(once), Now, Options).ShouldBeOfType<Step.GoOn>();

        var known = Exploring(twice).Known;
        (twice.News!.Days.Count, known.Exploration!.IsOver, known.Exploration.HasEnded).ShouldBe((0, true, false));
        Shade.Of(search, twice.Next, known, Outage.None, Now, Options).ShouldBeOfType<Shade.Unproven>();
        var turn = Shade.Of(search, twice.Next, known, new() { AliveAt = Now.AddSeconds(1) }, Now, Options).ShouldBeOfType<Shade.Turns>().Turn;
        turn.News!.Exploration!.HasEnded.ShouldBeTrue();
        var dark = Shade.Of(search, twice.Next, ClassBlackouts.Nothing.With(turn.News.Days), Outage.None, Now, Options).ShouldBeOfType<Shade.Turns>().Turn.Step!.Dark.ShouldHaveSingleItem();
        (dark.Missing.Reason, dark.Missing.Days, dark.LogId).ShouldBe((GapReason.Blackout, Days("2026-01-05", "2026-01-05"), "log"));
    }

    [Fact]
    public void What_fails_in_an_outage_is_taken_back_and_nothing_is_dark()
    {
        var search = Search(from: "2026-01-05", to: "2026-01-05");
        var once = Decide(search, Checkpoint.Start, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.GoOn>();
        var twice = Walker.Decide(search, once.Next, Trouble(ApiErrorClass.Internal), Exploring(once), Now, Options).ShouldBeOfType<Step.GoOn>();
        var over = new Outage { AliveAt = Now.AddHours(1), Last = new(Now.AddSeconds(-1), Now.AddHours(1)) };

        var turn = Shade.Of(search, twice.Next, Exploring(twice).Known, over, Now.AddHours(1), Options).ShouldBeOfType<Shade.Turns>().Turn;

        (turn.Step, turn.News!.Days.Count, turn.News.Exploration!.HasEnded).ShouldBe((null, 0, true));
    }

    [Fact]
    public void A_500_near_a_bad_day_is_not_confirmed()
    {
        var known = ClassBlackouts.Nothing.With([new(Days("2025-12-20", "2025-12-20"), DayLight.Bad, "log", Now)]);

        Walker.Decide(Search(), Checkpoint.Start, Trouble(ApiErrorClass.Internal), new(known, Search().Window.To), Now, Options)
            .News!.Exploration!.Stage.ShouldBe(ExplorationStage.Bisect);
    }

    [Fact]
    public void A_500_beside_an_exploration_that_goes_on_waits_for_its_end()
    {
        var other = Decide(Search() with { SearchId = "other" }, Checkpoint.Start, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.GoOn>();
        var first = Walker.Decide(Search(), Checkpoint.Start, Trouble(ApiErrorClass.Internal), Exploring(other), Now, Options).ShouldBeOfType<Step.GoOn>();

        first.Next.NotBefore.ShouldBe(Now + Options.ConfirmPause);
        first.News.ShouldBeNull();
    }

    private static Surroundings Exploring(Step told) => new(ClassBlackouts.Of([], told.News!.Exploration), Search().Window.To);

    [Fact]
    public void A_500_that_is_not_confirmed_leaves_no_trace()
    {
        var once = Decide(Search(), Checkpoint.Start, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.GoOn>().Next;

        Decide(Search(), once, Page(100, "2026-01-20")).ShouldBeOfType<Step.GoOn>().Next.Confirmations.ShouldBe(0);
    }

    [Theory]
    [InlineData(ApiErrorClass.Internal)]
    [InlineData(ApiErrorClass.InvalidParams)]
    [InlineData(ApiErrorClass.Unreadable)]
    [InlineData(ApiErrorClass.Timeout)]
    [InlineData(ApiErrorClass.Unknown)]
    public void Trouble_on_a_later_page_is_repeated_four_times_and_then_resumed_by_date(ApiErrorClass trouble)
    {
        var (checkpoint, pauses) = Repeat(SecondPage(), trouble, times: 4);
        pauses.ShouldBe([1, 2, 4, 8]);
        checkpoint.Cursor.ShouldBe(100);
        checkpoint.TikTokSearchId.ShouldBe("7");

        var lost = Decide(Search(), checkpoint, Trouble(trouble)).ShouldBeOfType<Step.Finished>();
        lost.Covered.ShouldBe(Days("2026-01-21", "2026-01-30"));
        lost.Missing.ShouldBeNull();
        var rest = lost.Successors.ShouldHaveSingleItem();
        rest.Window.ShouldBe(Days("2026-01-01", "2026-01-20"));
        rest.Clauses.ShouldHaveSingleItem().Days.ShouldBe(rest.Window);
        rest.SearchId.ShouldNotBe("s");
    }

    [Theory]
    [InlineData(ApiErrorClass.Unreadable, "Unreadable")]
    [InlineData(ApiErrorClass.Timeout, "Timeout")]
    public void Silence_and_garbage_on_a_first_page_are_repeated_and_then_a_gap(ApiErrorClass trouble, string detail)
    {
        var (checkpoint, pauses) = Repeat(Checkpoint.Start, trouble, times: 4);
        pauses.ShouldBe([1, 2, 4, 8]);

        var missing = Decide(Search(), checkpoint, Trouble(trouble)).ShouldBeOfType<Step.Finished>().Missing.ShouldNotBeNull();
        missing.Reason.ShouldBe(GapReason.Failed);
        missing.Detail.ShouldBe(detail);
        missing.Days.ShouldBe(Days("2026-01-01", "2026-01-30"));
    }

    [Fact]
    public void Rate_limits_back_off_in_seconds_and_never_give_up()
    {
        var (checkpoint, pauses) = Repeat(SecondPage(), ApiErrorClass.RateLimit, times: 8);

        pauses.ShouldBe([1, 2, 4, 8, 16, 32, 32, 32]);
        checkpoint.Repeats.ShouldBe(0);
        Decide(Search(), checkpoint, Page(200, "2026-01-10")).ShouldBeOfType<Step.GoOn>().Next.RateLimits.ShouldBe(0);
    }

    [Fact]
    public void A_spent_day_leaves_the_search_where_it_is()
    {
        var next = Decide(Search(), SecondPage(), Trouble(ApiErrorClass.DailyQuota)).ShouldBeOfType<Step.GoOn>().Next;

        next.ShouldBe(SecondPage() with { Attempt = 1 });
    }

    [Fact]
    public void A_refused_token_is_replaced_once_for_the_same_page_and_stops_when_the_new_one_is_refused_too()
    {
        var once = Decide(Search(), SecondPage(), Trouble(ApiErrorClass.AccessTokenInvalid)).ShouldBeOfType<Step.GoOn>().Next;
        once.Cursor.ShouldBe(100);
        once.NotBefore.ShouldBeLessThanOrEqualTo(Now);

        var stopped = Decide(Search(), once, Trouble(ApiErrorClass.AccessTokenInvalid)).ShouldBeOfType<Step.Stopped>();
        stopped.Failure.ShouldContain("2 tokens");
        stopped.Next.Cursor.ShouldBe(100);
        Decide(Search(), stopped.Next, Page(200, "2026-01-10")).ShouldBeOfType<Step.GoOn>();
    }

    [Fact]
    public void A_missing_scope_stops_the_endpoint_and_says_which()
    {
        Decide(Search(), Checkpoint.Start, Trouble(ApiErrorClass.ScopeNotAuthorized)).ShouldBeOfType<Step.Stopped>().Failure.ShouldContain("video/query");
        Decide(Search(SearchKind.List), Checkpoint.Start, Trouble(ApiErrorClass.ScopeNotAuthorized)).ShouldBeOfType<Step.Stopped>().Failure.ShouldContain("user/info");
    }

    [Theory]
    [InlineData(ApiErrorClass.ScopeNotAuthorized, 1)]
    [InlineData(ApiErrorClass.AccessTokenInvalid, 2)]
    public void A_refresh_for_which_nobody_could_be_failed_ends_unanswered(ApiErrorClass refusal, int requests)
    {
        var checkpoint = Checkpoint.Start;
        for (var sent = 1; sent < requests; sent++)
        {
            checkpoint = Decide(Search(SearchKind.Refresh), checkpoint, Trouble(refusal)).ShouldBeOfType<Step.GoOn>().Next;
        }

        Decide(Search(SearchKind.Refresh), checkpoint, Trouble(refusal)).ShouldBeOfType<Step.Finished>().Missing.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(InvalidParamsKind.UserNotFound, "user_not_found")]
    [InlineData(InvalidParamsKind.UserNotReturned, "user_not_returned")]
    [InlineData(InvalidParamsKind.Other, "invalid_params")]
    public void A_request_that_is_refused_is_never_repeated_unchanged(InvalidParamsKind kind, string detail)
    {
        var missing = Decide(Search(), Checkpoint.Start, Trouble(ApiErrorClass.InvalidParams, kind)).ShouldBeOfType<Step.Finished>().Missing.ShouldNotBeNull();

        missing.Reason.ShouldBe(GapReason.Failed);
        missing.Detail.ShouldBe(detail);
        missing.RetryAt.ShouldBe(new DateTimeOffset(2026, 4, 2, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void A_merged_search_that_is_refused_is_halved_and_each_clause_keeps_its_place()
    {
        var search = Search(clauses: [Tag("a"), Tag("b"), Tag("c")]);

        var step = Decide(search, Checkpoint.Start, Trouble(ApiErrorClass.InvalidParams, InvalidParamsKind.Other)).ShouldBeOfType<Step.Finished>();

        step.Covered.ShouldBeNull();
        step.Missing.ShouldBeNull();
        step.Successors.Select(half => half.Clauses.Count).ShouldBe([1, 2]);
        step.Successors.SelectMany(half => half.Clauses).ShouldBe(search.Clauses);
        step.Successors.Select(half => half.SearchId).ShouldBeUnique();
    }

    [Fact]
    public void A_window_of_31_days_that_is_refused_falls_back_to_30()
    {
        var step = Decide(Search(to: "2026-01-31"), Checkpoint.Start, Trouble(ApiErrorClass.InvalidParams, InvalidParamsKind.Other)).ShouldBeOfType<Step.Finished>();

        step.Missing.ShouldBeNull();
        step.Successors.Select(part => part.Window).ShouldBe([Days("2026-01-01", "2026-01-30"), Days("2026-01-31", "2026-01-31")]);
        step.Successors.ShouldAllBe(part => part.Clauses[0].Days == part.Window);
    }

    [Fact]
    public void Three_pages_in_a_row_without_progress_are_a_gap_and_what_is_newer_is_covered()
    {
        var checkpoint = SecondPage("2026-01-20");
        for (var i = 0; i < 2; i++)
        {
            checkpoint = Decide(Search(), checkpoint, Page(100, "2026-01-20", videos: 0)).ShouldBeOfType<Step.GoOn>().Next;
        }

        var step = Decide(Search(), checkpoint, Page(100, "2026-01-20", videos: 0)).ShouldBeOfType<Step.Finished>();
        step.Covered.ShouldBe(Days("2026-01-21", "2026-01-30"));
        step.Missing!.Days.ShouldBe(Days("2026-01-01", "2026-01-20"));
        step.Missing.Detail.ShouldBe("no_progress");
    }

    [Fact]
    public void Two_empty_pages_in_a_row_are_legal()
    {
        var first = Decide(Search(), SecondPage(), Page(200, oldest: null, videos: 0)).ShouldBeOfType<Step.GoOn>().Next;
        var second = Decide(Search(), first, Page(300, oldest: null, videos: 0)).ShouldBeOfType<Step.GoOn>().Next;

        Decide(Search(), second, Page(400, "2026-01-02")).ShouldBeOfType<Step.GoOn>().Next.Fruitless.ShouldBe(0);
    }

    [Fact]
    public void A_cursor_that_cannot_be_asked_for_is_not_followed()
    {
        Decide(Search(), SecondPage(), Page(-5, "2026-01-19")).ShouldBeOfType<Step.GoOn>().Next.Cursor.ShouldBe(200);
        Decide(Search(), SecondPage(), Page(cursor: null, "2026-01-19")).ShouldBeOfType<Step.GoOn>().Next.Cursor.ShouldBe(200);
    }

    [Fact]
    public void A_day_that_stays_lost_is_restarted_twice_and_then_a_gap()
    {
        var search = Search(from: "2026-01-20", to: "2026-01-20");
        for (var restart = 1; restart <= 2; restart++)
        {
            var lost = Decide(search, SecondPage() with { Repeats = 4 }, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.Finished>();
            lost.Covered.ShouldBeNull();
            search = lost.Successors.ShouldHaveSingleItem();
            search.Window.ShouldBe(Days("2026-01-20", "2026-01-20"));
        }

        var gap = Decide(search, SecondPage() with { Repeats = 4 }, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.Finished>();
        gap.Successors.ShouldBeEmpty();
        gap.Missing!.Days.ShouldBe(Days("2026-01-20", "2026-01-20"));
    }

    [Theory]
    [InlineData("500 twice", "1 2", ApiErrorClass.Internal, 2)]
    [InlineData("search id invalid three times", "1 2 4", ApiErrorClass.InvalidParams, 3)]
    [InlineData("truncated JSON once", "1", ApiErrorClass.Unreadable, 1)]
    [InlineData("connection cut once", "1", ApiErrorClass.Unreadable, 1)]
    [InlineData("HTML 504 twice", "1 2", ApiErrorClass.Unreadable, 2)]
    [InlineData("rate limit twice", "1 2", ApiErrorClass.RateLimit, 2)]
    [InlineData("401 once", "0", ApiErrorClass.AccessTokenInvalid, 1)]
    [InlineData("never answers", "1", ApiErrorClass.Unreadable, 1)]
    public void Each_fault_on_page_2_costs_one_request_each_and_then_the_same_page_goes_on(string fault, string expectedPauses, ApiErrorClass trouble, int times)
    {
        var (checkpoint, pauses) = Repeat(SecondPage(), trouble, times);

        string.Join(' ', pauses).ShouldBe(expectedPauses, fault);
        checkpoint.Attempt.ShouldBe(times);
        (checkpoint.Cursor, checkpoint.TikTokSearchId).ShouldBe((100, "7"));
        Decide(Search(), checkpoint, Page(200, "2026-01-10")).ShouldBeOfType<Step.GoOn>().Next.Cursor.ShouldBe(200);
    }

    private static (Checkpoint Checkpoint, IReadOnlyList<int> Pauses) Repeat(Checkpoint checkpoint, ApiErrorClass trouble, int times)
    {
        List<int> pauses = [];
        for (var i = 0; i < times; i++)
        {
            checkpoint = Decide(Search(), checkpoint, Trouble(trouble, InvalidParamsKind.SearchIdInvalid)).ShouldBeOfType<Step.GoOn>().Next;
            pauses.Add(checkpoint.NotBefore == default ? 0 : (int)(checkpoint.NotBefore - Now).TotalSeconds);
        }

        return (checkpoint, pauses);
    }
}
