using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class ListWalkerTests
{
    private static readonly Search Comments = List(ApiEndpoint.Comments, "7");

    private static readonly Checkpoint SecondComments = new() { Cursor = 100, Furthest = 100, Items = 98 };

    [Fact]
    public void A_page_with_more_to_come_moves_the_checkpoint_and_counts_what_is_new()
    {
        var before = SecondComments with { Attempt = 3, Repeats = 2, RateLimits = 1, Fruitless = 1, NotBefore = Now };

        var next = Decide(Comments, before, Items(cursor: 200, items: 100)).ShouldBeOfType<Step.GoOn>().Next;

        next.ShouldBe(new Checkpoint { Cursor = 200, Furthest = 200, MostAttempts = 3, Items = 198 });
    }

    [Fact]
    public void The_last_page_ends_the_list_with_all_its_items()
    {
        Decide(Comments, SecondComments, Items(cursor: null, items: 7, more: false)).ShouldBe(new Step.ListEnded(ListResult.Read, "", 105, IsCut: false));
        Decide(Comments, Checkpoint.Start, Items(cursor: null, items: 0, more: false)).ShouldBe(new Step.ListEnded(ListResult.Read, "", 0, IsCut: false));
    }

    [Fact]
    public void A_list_that_is_longer_than_TikTok_shows_says_so()
    {
        Decide(Comments, SecondComments with { Cursor = 900, Furthest = 900, Items = 880 }, Items(cursor: null, items: 99, more: true)).ShouldBe(new Step.ListEnded(ListResult.Read, "", 979, IsCut: true));
        Decide(List(ApiEndpoint.PinnedVideos), Checkpoint.Start, Items(cursor: null, items: 3, more: true)).ShouldBe(new Step.ListEnded(ListResult.Read, "", 3, IsCut: false));
    }

    [Theory]
    [InlineData(InvalidParamsKind.UserNotFound, "user_not_found")]
    [InlineData(InvalidParamsKind.UserNotReturned, "user_not_returned")]
    [InlineData(InvalidParamsKind.LikesHidden, "likes_hidden")]
    [InlineData(InvalidParamsKind.CommentsHidden, "comments_hidden")]
    [InlineData(InvalidParamsKind.Other, "invalid_params")]
    public void A_refusal_is_the_answer_of_this_list(InvalidParamsKind kind, string reason)
    {
        Decide(Comments, Checkpoint.Start, Trouble(ApiErrorClass.InvalidParams, kind)).ShouldBe(new Step.ListEnded(ListResult.Refused, reason, 0, IsCut: false));
        Decide(Comments, SecondComments, Trouble(ApiErrorClass.InvalidParams, kind)).ShouldBe(new Step.ListEnded(ListResult.Refused, reason, 98, IsCut: false));
    }

    [Theory]
    [InlineData(ApiErrorClass.Internal, null)]
    [InlineData(ApiErrorClass.Timeout, null)]
    [InlineData(ApiErrorClass.Unreadable, null)]
    [InlineData(ApiErrorClass.Unknown, null)]
    [InlineData(ApiErrorClass.InvalidParams, InvalidParamsKind.InvalidCountOrCursor)]
    public void Trouble_on_any_page_is_four_repeats_and_then_the_list_has_failed(ApiErrorClass error, InvalidParamsKind? kind)
    {
        foreach (var start in new[] { Checkpoint.Start, SecondComments })
        {
            var checkpoint = start;
            List<double> pauses = [];
            for (var i = 0; i < 4; i++)
            {
                checkpoint = Decide(Comments, checkpoint, Trouble(error, kind)).ShouldBeOfType<Step.GoOn>().Next;
                pauses.Add((checkpoint.NotBefore - Now).TotalSeconds);
                (checkpoint.Cursor, checkpoint.Attempt).ShouldBe((start.Cursor, i + 1));
            }

            pauses.ShouldBe([1, 2, 4, 8]);
            var ended = Decide(Comments, checkpoint, Trouble(error, kind)).ShouldBeOfType<Step.ListEnded>();
            (ended.Result, ended.Items).ShouldBe((ListResult.Failed, start.Items));
            ended.Reason.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void A_missing_scope_stops_the_endpoint_and_no_token_is_renewed()
    {
        Decide(List(ApiEndpoint.Followers), Checkpoint.Start, Trouble(ApiErrorClass.ScopeNotAuthorized)).ShouldBeOfType<Step.Stopped>().ShouldSatisfyAllConditions(
            stopped => stopped.Failure.ShouldContain("user/followers"),
            stopped => stopped.Next.TokenRefusals.ShouldBe(0),
            stopped => stopped.Next.Attempt.ShouldBe(1));
    }

    [Fact]
    public void Waiting_costs_no_repeat()
    {
        Decide(Comments, SecondComments, Trouble(ApiErrorClass.RateLimit)).ShouldBeOfType<Step.GoOn>().Next.ShouldSatisfyAllConditions(next => next.Repeats.ShouldBe(0), next => next.NotBefore.ShouldBe(Now.AddSeconds(1)));
        Decide(Comments, SecondComments, Trouble(ApiErrorClass.DailyQuota)).ShouldBe(new Step.GoOn(SecondComments with { Attempt = 1 }));
        Decide(Comments, SecondComments, Trouble(ApiErrorClass.AccessTokenInvalid)).ShouldBeOfType<Step.GoOn>().Next.TokenRefusals.ShouldBe(1);
    }

    [Fact]
    public void A_later_page_that_holds_nothing_at_all_is_asked_for_once_more()
    {
        var nothing = new Outcome { Class = ApiErrorClass.Ok, Code = "ok" };

        var again = Decide(Comments, SecondComments, nothing).ShouldBeOfType<Step.GoOn>().Next;
        (again.Cursor, again.Attempt).ShouldBe((100, 1));
        Decide(Comments, again, nothing).ShouldBe(new Step.ListEnded(ListResult.Read, "", 98, IsCut: false));
        Decide(Comments, again, Items(cursor: 200, items: 50)).ShouldBeOfType<Step.GoOn>().Next.Items.ShouldBe(148);
        Decide(Comments, Checkpoint.Start, nothing).ShouldBeOfType<Step.ListEnded>();
        Decide(List(ApiEndpoint.Reviews, "7"), new Checkpoint { Cursor = 2, Furthest = 2, Items = 10 }, nothing).ShouldBe(new Step.ListEnded(ListResult.Read, "", 10, IsCut: false));
    }

    [Theory]
    [InlineData(ApiEndpoint.Comments, 100, 100)]
    [InlineData(ApiEndpoint.Comments, 100, 0)]
    [InlineData(ApiEndpoint.Followers, 1_700_000_000, 1_700_000_000)]
    [InlineData(ApiEndpoint.Followers, 1_700_000_000, 1_800_000_000)]
    public void A_cursor_that_stands_or_goes_back_is_a_gap_after_three_pages_and_each_page_has_a_place_of_its_own(ApiEndpoint endpoint, long at, long next)
    {
        var (checkpoint, places) = (new Checkpoint { Cursor = at, Furthest = at, Items = 5 }, new List<(long, int)>());
        Step step;
        do
        {
            places.Add((checkpoint.Cursor, checkpoint.Attempt));
            step = Decide(List(endpoint), checkpoint, Items(next, items: 100));
            checkpoint = step is Step.GoOn go ? go.Next : checkpoint;
        }
        while (step is Step.GoOn);

        step.ShouldBe(new Step.ListEnded(ListResult.Failed, "no_progress", 305, IsCut: false));
        places.Count.ShouldBe(3);
        places.ShouldBeUnique();
    }

    [Fact]
    public void A_cursor_that_means_something_to_TikTok_only_is_followed_as_long_as_new_items_come()
    {
        var (search, checkpoint, places) = (List(ApiEndpoint.LikedVideos), Checkpoint.Start, new List<(long, int)>());
        foreach (var cursor in new[] { 1_700_000_000_000, 3, 1_600_000_000_000, long.MaxValue, 3 })
        {
            places.Add((checkpoint.Cursor, checkpoint.Attempt));
            checkpoint = Decide(search, checkpoint, Items(cursor, items: 10)).ShouldBeOfType<Step.GoOn>().Next;
            (checkpoint.Cursor, checkpoint.Fruitless).ShouldBe((cursor, 0));
        }

        places.ShouldBeUnique();
        checkpoint = Decide(search, checkpoint, Items(7, items: 0)).ShouldBeOfType<Step.GoOn>().Next;
        checkpoint = Decide(search, checkpoint, Items(8, items: 0)).ShouldBeOfType<Step.GoOn>().Next;
        Decide(search, checkpoint, Items(9, items: 0)).ShouldBe(new Step.ListEnded(ListResult.Failed, "no_progress", 50, IsCut: false));
    }

    private static Outcome Items(long? cursor, int items, bool more = true) =>
        new() { Class = ApiErrorClass.Ok, Code = "ok", HasMore = more, SaysWhere = true, Cursor = cursor, NewVideos = items };
}
