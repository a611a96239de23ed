using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class BreakerTests
{
    private static readonly Answer Fails = new(Sign.Fails, IsControl: false, ClauseClass.Hashtag, Good: null);
    private static readonly Answer Works = Fails with { Sign = Sign.Works };
    private static readonly Answer Controlled = Works with { IsControl = true };
    private static readonly Answer ControlFails = Fails with { IsControl = true };

    [Fact]
    public void After_four_failures_in_a_row_only_a_control_may_be_sent()
    {
        var outage = After(Outage.None, Fails, Fails, Fails);
        Breaker.Of(outage, Now).ShouldBe(Gate.Free);

        Breaker.Of(After(outage, Fails), Now).ShouldBe(Gate.Control);
    }

    [Fact]
    public void Days_that_had_failed_together_with_others_are_half_a_sign() =>
        Breaker.Of(After(Outage.None, [.. Enumerable.Repeat(Fails with { IsRepeated = true }, 7)]), Now).ShouldBe(Gate.Free);

    [Fact]
    public void Two_controls_that_are_answered_prove_what_failed_and_two_that_fail_open_it()
    {
        var doubt = After(Outage.None, Fails, Fails, Fails, Fails);
        var lucky = After(doubt, Controlled);
        (lucky.AliveAt, Breaker.Of(lucky, Now)).ShouldBe((DateTimeOffset.MinValue, Gate.Control), "one may be luck, and the next is due at once");
        var alive = After(lucky, Controlled);
        (alive.AliveAt, alive.Failures, Breaker.Of(alive, Now)).ShouldBe((Now.AddTicks(1), 0, Gate.Free));

        var once = After(doubt, ControlFails);
        (once.IsOpen, Breaker.Of(once, Now), Breaker.Of(once, Now + Options.ConfirmPause)).ShouldBe((false, Gate.Shut, Gate.Control));
        var open = After(once, ControlFails);
        (open.IsOpen, open.AliveAt, open.Since).ShouldBe((true, DateTimeOffset.MinValue, Now));
        After(once, Controlled, ControlFails).IsOpen.ShouldBeTrue("the one between them was luck");
    }

    [Fact]
    public void After_a_control_that_failed_it_takes_three_that_are_answered()
    {
        var once = After(Outage.None, Fails, Fails, Fails, Fails, ControlFails, Controlled, Controlled);
        Breaker.Of(once, Now).ShouldBe(Gate.Control);

        After(once, Controlled).AliveAt.ShouldBe(Now.AddTicks(1));
    }

    [Fact]
    public void A_control_outside_of_doubt_leaves_none_and_proves_nothing_alone()
    {
        var witnessed = After(Outage.None, Fails, Fails, Fails, Controlled, Fails, Fails, Fails);
        (Breaker.Of(witnessed, Now), witnessed.AliveAt).ShouldBe((Gate.Free, DateTimeOffset.MinValue));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void What_failed_before_an_answer_is_proven_by_it_even_when_the_clock_that_saw_it_fail_is_ahead(int behind)
    {
        var answeredAt = Now.AddSeconds(behind);
        var failed = After(Outage.None, Fails, Fails, Fails, Fails);

        var alive = Proven(failed);
        alive.AliveAt.ShouldBeGreaterThan(Now);
        Breaker.After(alive, Works, answeredAt, Options).AliveAt.ShouldBe(alive.AliveAt);

        var later = Breaker.After(alive, Fails, answeredAt, Options);
        later.FailedAt.ShouldBeGreaterThan(alive.AliveAt, "an answer proves nothing of what fails after it");
        Proven(later).AliveAt.ShouldBeGreaterThan(later.FailedAt);

        var open = After(After(failed, ControlFails), ControlFails);
        var closed = Enumerable.Repeat(Controlled, 3).Aggregate(open, (outage, answer) => Breaker.After(outage, answer, answeredAt, Options));
        closed.Last!.Contains(Now).ShouldBeTrue("what failed during an outage is not put down to its days");

        Outage Proven(Outage outage) => Breaker.After(Breaker.After(outage, Controlled, answeredAt, Options), Controlled, answeredAt, Options);
    }

    [Fact]
    public void While_it_is_open_it_is_tried_after_1_2_4_8_and_then_every_15_minutes()
    {
        var outage = Open();
        List<double> pauses = [];
        for (var i = 0; i < 7; i++)
        {
            pauses.Add((outage.NextTryAt - Now).TotalMinutes);
            outage = After(outage, ControlFails);
        }

        pauses.ShouldBe([1, 2, 4, 8, 15, 15, 15]);
    }

    [Fact]
    public void Tries_that_are_answered_by_luck_are_made_up_for_by_a_longer_pause()
    {
        var outage = After(Open(), ControlFails, ControlFails, ControlFails, ControlFails);

        (After(outage, Controlled, ControlFails).NextTryAt - Now).ShouldBe(TimeSpan.FromMinutes(30));
        (After(outage, Controlled, Controlled, ControlFails).NextTryAt - Now).ShouldBe(TimeSpan.FromMinutes(45));
    }

    [Fact]
    public void Three_answers_in_a_row_close_it_and_one_among_failures_does_not()
    {
        After(Open(), Controlled, Controlled, ControlFails, Controlled, Controlled).IsOpen.ShouldBeTrue();

        var closed = After(Open(), Controlled, Controlled, Controlled);
        (closed.IsOpen, closed.AliveAt, closed.Last, closed.Patience).ShouldBe((false, Now.AddTicks(1), new PastOutage(DateTimeOffset.MinValue, Now), Breaker.LeastPatience));
    }

    [Fact]
    public void One_answer_among_failures_proves_nothing_and_two_in_a_row_do()
    {
        var once = After(Outage.None, Fails, Fails, Works, Fails, Works);
        (once.AliveAt, once.Failures).ShouldBe((DateTimeOffset.MinValue, 3));

        After(once, Works).AliveAt.ShouldBe(Now.AddTicks(1));
        After(Outage.None, Fails, Works, Works).AliveAt.ShouldBe(Now.AddTicks(1));
    }

    [Fact]
    public void After_several_failures_two_answers_take_the_doubt_away_and_a_third_proves()
    {
        var twice = After(Outage.None, Fails, Fails, Fails, Works, Works);
        (twice.AliveAt, Breaker.Of(After(twice, Fails, Fails, Fails), Now)).ShouldBe((DateTimeOffset.MinValue, Gate.Free));

        After(twice, Works).AliveAt.ShouldBe(Now.AddTicks(1));
    }

    [Fact]
    public void While_all_is_well_nothing_has_to_be_kept()
    {
        var good = Works with { Good = Days("2026-01-01", "2026-01-31") };
        var known = After(Outage.None, good);

        known.GoodOf(ClauseClass.Hashtag)!.Days.ShouldBe(Days("2026-01-01", "2026-01-31"));
        Breaker.After(known, good with { Good = Days("2026-02-01", "2026-02-28") }, Now.AddMinutes(59), Options).ShouldBeSameAs(known);
        Breaker.After(known, good with { Good = Days("2026-02-01", "2026-02-28") }, Now.AddMinutes(60), Options).GoodOf(ClauseClass.Hashtag)!.Days.From.ShouldBe(new(2026, 2, 1));
    }

    [Theory]
    [InlineData(ApiErrorClass.Internal, nameof(Sign.Fails))]
    [InlineData(ApiErrorClass.Unreadable, nameof(Sign.Fails))]
    [InlineData(ApiErrorClass.Timeout, nameof(Sign.Fails))]
    [InlineData(ApiErrorClass.Ok, nameof(Sign.Works))]
    [InlineData(ApiErrorClass.RateLimit, nameof(Sign.None))]
    [InlineData(ApiErrorClass.InvalidParams, nameof(Sign.None))]
    [InlineData(ApiErrorClass.DailyQuota, nameof(Sign.None))]
    public void Whether_an_answer_is_a_sign_is_judged_by_its_code(ApiErrorClass error, string sign) =>
        Answer.Of(Search(), Checkpoint.Start, Trouble(error), control: null, ClassBlackouts.Nothing).Sign.ToString().ShouldBe(sign);

    [Fact]
    public void A_probe_of_a_dark_day_that_fails_is_no_sign() =>
        Answer.Of(Search() with { IsProbe = true }, Checkpoint.Start, Trouble(ApiErrorClass.Internal), control: null, ClassBlackouts.Nothing).Sign.ShouldBe(Sign.None);

    [Fact]
    public void A_list_that_fails_while_it_is_in_doubt_whether_anything_answers_has_not_failed()
    {
        var ended = new Step.ListEnded(ListResult.Failed, "internal_error", 0, IsCut: false);
        var doubt = After(Outage.None, Fails, Fails, Fails, Fails);

        Breaker.Spare(ended, List(ApiEndpoint.Comments, "1"), Checkpoint.Start, Fails, doubt, Now, Options).ShouldBeOfType<Step.GoOn>().Next.NotBefore.ShouldBe(Now + Options.ConfirmPause);
        Breaker.Spare(ended, List(ApiEndpoint.Comments, "1"), Checkpoint.Start, Fails, After(Outage.None, Fails), Now, Options).ShouldBeSameAs(ended);
    }

    [Fact]
    public void A_control_is_work_that_waits_when_what_it_asks_for_has_answered()
    {
        var outage = After(Outage.None, Works with { Good = Search().Window });
        OpenSearch[] open = [new(Search(from: "2026-02-01"), Checkpoint.Start, []), new(Search() with { SearchId = "good" }, Checkpoint.Start, [])];

        Control.Useful(open, outage, Now)!.Search.SearchId.ShouldBe("good");
        Control.Useful(open[..1], outage, Now).ShouldBeNull();
        Control.Useful([open[0] with { Checkpoint = SecondPage() }], outage, Now).ShouldNotBeNull("its first page was answered");
    }

    [Fact]
    public void After_a_control_that_failed_the_next_is_no_work_that_waits_for_that_may_fail_by_itself()
    {
        var outage = After(Outage.None, Works with { Good = Search().Window });
        OpenSearch[] open = [new(Search(), Checkpoint.Start, [])];

        Control.Useful(open, outage, Now).ShouldNotBeNull();
        Control.Useful(open, outage with { FailedControls = 1 }, Now).ShouldBeNull();
        Control.Useful(open, outage with { FailedControls = 2, OpenedAt = Now, Tries = 1 }, Now).ShouldBeNull();
    }

    [Fact]
    public void Otherwise_it_asks_for_the_id_of_any_video_of_a_day_and_when_that_fails_of_another()
    {
        Control.Any(Outage.None, Now).Day.ShouldBe(Day(30));
        Control.Any(Outage.None with { FailedControls = 1 }, Now).Day.ShouldBe(Day(90));
        Control.Any(Outage.None with { FailedControls = 2, OpenedAt = Now, Tries = 1 }, Now).Day.ShouldBe(Day(30));

        var request = Control.Ask(new(2026, 1, 30)).ShouldBeOfType<VideoQueryRequest>();
        (request.StartDate, request.EndDate, request.MaxCount, request.Cursor, request.IsRandom).ShouldBe((new(2026, 1, 30), new(2026, 1, 30), 1, 0L, false));
        request.Fields.ShouldBe(["id"]);
        request.Query.ToJson().ShouldBe("""{"and":[{"operation":"EQ","field_name":"region_code","field_values":["DK"]}]}""");

        static DateOnly Day(int age) => Collector.Days.DayOf(Now).AddDays(-age);
    }

    private static Outage Open() => After(Outage.None, Fails, Fails, Fails, Fails, ControlFails, ControlFails);

    private static Outage After(Outage outage, params Answer[] answers) => answers.Aggregate(outage, (known, answer) => Breaker.After(known, answer, Now, Options));
}
