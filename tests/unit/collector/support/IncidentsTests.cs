using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Which answers TikTok should hear of, decided on the walker's own steps.</summary>
public sealed class IncidentsTests
{
    public static TheoryData<string> Troubles => ["500", "search_id refused", "unreadable", "success that holds nothing"];

    [Theory]
    [MemberData(nameof(Troubles))]
    public void The_answer_with_which_a_running_search_is_given_up_is_an_incident_and_none_of_those_before_it(string trouble)
    {
        var (shown, last) = Walk(Search(), SecondPage(), Answer(trouble));

        shown.SkipLast(1).ShouldAllBe(kind => kind == IncidentKind.Unspecified);
        shown.Count.ShouldBe(1 + Walker.MaxRepeats);
        shown[^1].ShouldBe(IncidentKind.SearchLost);
        last.Successors.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_search_that_stays_lost_and_leaves_a_gap_is_one_too()
    {
        var (shown, last) = Walk(Search() with { Restarts = 2 }, SecondPage("2026-01-30"), Answer("500"));

        (shown[^1], last.Missing!.Reason, last.Successors.Count).ShouldBe((IncidentKind.SearchLost, GapReason.Failed, 0));
    }

    [Fact]
    public void A_search_that_fails_on_its_first_page_was_never_running()
    {
        var (shown, last) = Walk(Search(), Checkpoint.Start, Answer("unreadable"));

        last.Missing!.Reason.ShouldBe(GapReason.Failed);
        shown.ShouldAllBe(kind => kind == IncidentKind.Unspecified);
    }

    [Fact]
    public void A_search_that_ends_on_a_later_page_for_any_other_reason_is_not_lost()
    {
        Shows(Search(), SecondPage(), Page(137, oldest: null, videos: 1, more: false)).ShouldBe(IncidentKind.Unspecified);
        Shows(Search(), SecondPage() with { Fruitless = Walker.MaxFruitless - 1 }, Page(100, videos: 0)).ShouldBe(IncidentKind.Unspecified);
        Shows(Search(SearchKind.Refresh), SecondPage(), Trouble(ApiErrorClass.ScopeNotAuthorized)).ShouldBe(IncidentKind.Unspecified);
        Shows(List(ApiEndpoint.Comments, "7"), new() { Cursor = 100, Repeats = Walker.MaxRepeats }, Trouble(ApiErrorClass.Internal)).ShouldBe(IncidentKind.Unspecified);
    }

    [Fact]
    public void Each_token_that_is_refused_is_one_whatever_it_was_sent_for_and_whether_or_not_anybody_waits_for_the_answer()
    {
        var refused = Trouble(ApiErrorClass.AccessTokenInvalid);

        Shows(Search(), Checkpoint.Start, refused).ShouldBe(IncidentKind.TokenRefusedEarly);
        Shows(Search(), SecondPage() with { TokenRefusals = 1 }, refused).ShouldBe(IncidentKind.TokenRefusedEarly);
        Shows(Search(SearchKind.Refresh), SecondPage() with { TokenRefusals = 1 }, refused).ShouldBe(IncidentKind.TokenRefusedEarly);
        Shows(List(ApiEndpoint.Followers), Checkpoint.Start, refused).ShouldBe(IncidentKind.TokenRefusedEarly);
        Incidents.Of(refused, step: null).ShouldBe(IncidentKind.TokenRefusedEarly);
    }

    [Fact]
    public void An_answer_that_came_too_late_to_move_its_search_has_lost_none()
    {
        var givenUp = Decide(Search(), SecondPage() with { Repeats = Walker.MaxRepeats }, Trouble(ApiErrorClass.Internal));

        Incidents.Of(Trouble(ApiErrorClass.Internal), givenUp).ShouldBe(IncidentKind.SearchLost);
        Incidents.Of(Trouble(ApiErrorClass.Internal), step: null).ShouldBe(IncidentKind.Unspecified);
    }

    [Theory]
    [InlineData(ApiEndpoint.VideoQuery, "/v2/research/video/query/")]
    [InlineData(ApiEndpoint.Followers, "/v2/research/user/followers/")]
    [InlineData(ApiEndpoint.ValidationTaskStatus, "/v2/research/validation_task_status/get/")]
    public void An_endpoint_goes_by_its_path_at_TikTok(ApiEndpoint endpoint, string path) => endpoint.Path().ShouldBe(path);

    [Fact]
    public void Every_endpoint_has_a_path_and_only_comments_and_replies_share_one() =>
        Enum.GetValues<ApiEndpoint>().Where(endpoint => endpoint is not (ApiEndpoint.Unspecified or ApiEndpoint.Replies)).Select(endpoint => endpoint.Path()).ShouldBeUnique();

    /// <summary>The same answer again and again, until the search ends.</summary>
    private static (IReadOnlyList<IncidentKind> Shown, Step.Finished Last) Walk(Search search, Checkpoint checkpoint, Outcome outcome)
    {
        List<IncidentKind> shown = [];
        while (true)
        {
            var step = Decide(search, checkpoint, outcome);
            shown.Add(Incidents.Of(outcome, step));
            if (step is not Step.GoOn next)
            {
                return (shown, step.ShouldBeOfType<Step.Finished>());
            }

            checkpoint = next.Next;
        }
    }

    private static IncidentKind Shows(Search search, Checkpoint checkpoint, Outcome outcome) => Incidents.Of(outcome, Decide(search, checkpoint, outcome));

    private static Outcome Answer(string trouble) => trouble switch
    {
        "500" => Trouble(ApiErrorClass.Internal),
        "search_id refused" => Trouble(ApiErrorClass.InvalidParams),
        "unreadable" => Trouble(ApiErrorClass.Unreadable),
        _ => new() { Class = ApiErrorClass.Ok, Code = "ok" },
    };
}
