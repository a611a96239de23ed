using System.Globalization;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>A refresh goes around dark days, finds them like any search, and looks now and then whether they have healed.</summary>
public sealed class RefreshInTheDarkTests
{
    private static readonly DateTimeOffset Tomorrow = Now.AddDays(1);

    [Fact]
    public void A_refresh_goes_around_dark_days_and_keeps_what_it_asks_for_on_both_sides()
    {
        var known = Dark("2026-01-10", "2026-01-12");

        var left = Left(Refresh(2, 20), known, Now);

        left.Successors.Select(part => part.Window).ShouldBe([Days("2026-01-01", "2026-01-09"), Days("2026-01-13", "2026-01-31")]);
        left.Successors.ShouldAllBe(part => part.VideoIds.Count == 2 && part.RefreshId == "r" && !part.IsProbe);
        left.Covered.ShouldBeNull();
    }

    [Fact]
    public void No_unit_is_spent_on_a_side_where_none_of_its_videos_can_lie() =>
        Left(Refresh(5, 11), Dark("2026-01-10", "2026-01-12"), Now).Successors.ShouldHaveSingleItem().Window.ShouldBe(Days("2026-01-01", "2026-01-09"));

    [Fact]
    public void A_refresh_whose_days_are_all_dark_makes_the_probe_that_is_due_and_the_next_one_makes_no_second()
    {
        var known = Dark("2026-01-01", "2026-01-31");
        Left(Refresh(5), known, Now).Successors.ShouldBeEmpty("they were tested today");

        var probe = Left(Refresh(5), known, Tomorrow).Successors.ShouldHaveSingleItem();
        (probe.IsProbe, probe.Window.Count).ShouldBe((true, 1));
        Shade.Of(probe, Checkpoint.Start, known, Outage.None, Tomorrow, Options).ShouldBeOfType<Shade.None>();

        var failed = Walker.Decide(probe, Checkpoint.Start, Trouble(ApiErrorClass.Internal), new(known, probe.Window.To), Tomorrow, Options).ShouldBeOfType<Step.Finished>();
        var after = known.With(failed.News!.Days);
        Shade.Of(probe with { SearchId = "other" }, Checkpoint.Start, after, Outage.None, Tomorrow, Options).ShouldBeOfType<Shade.Turns>("somebody has just asked for that day");
        Left(Refresh(5), known, Tomorrow, Options with { ProbesPerDay = 0 }).Successors.ShouldBeEmpty();
    }

    [Fact]
    public void A_probe_that_is_answered_wakes_the_days_beside_it_for_the_next_refresh()
    {
        var known = Dark("2026-01-01", "2026-01-31");
        var probe = Left(Refresh(5), known, Tomorrow).Successors.Single();

        var step = Walker.Decide(probe, Checkpoint.Start, Page(1, videos: 1, more: false), new(known, probe.Window.To), Tomorrow, Options).ShouldBeOfType<Step.Finished>();

        step.Covered.ShouldBe(probe.Window);
        known.With(step.News!.Days).IsDark(probe.Window.From).ShouldBeFalse();
        known.With(step.News.Days).IsDark(probe.Window.From.AddDays(1)).ShouldBeFalse();
    }

    [Fact]
    public void A_500_for_a_refresh_is_explored_and_a_test_that_no_video_lies_in_is_made_all_the_same()
    {
        var once = Decide(Refresh(2), Checkpoint.Start, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.GoOn>();
        var twice = Walker.Decide(Refresh(2), once.Next, Trouble(ApiErrorClass.Internal), Around(once), Now, Options).ShouldBeOfType<Step.GoOn>();
        var exploration = twice.News!.Exploration!;
        exploration.Stage.ShouldBe(ExplorationStage.Bisect);

        var gallop = exploration with { Stage = ExplorationStage.Middle, Near = new(2026, 1, 25), Far = new(2026, 1, 25), By = "", FailedAt = null, Unproven = [] };
        var turn = Shade.Of(Refresh(2), Checkpoint.Start, ClassBlackouts.Of([], gallop), Outage.None, Now, Options).ShouldBeOfType<Shade.Turns>().Turn;
        turn.Step!.Successors.Select(part => part.Window).ShouldContain(Days("2026-01-25", "2026-01-25"));
        turn.News!.Exploration!.By.ShouldBe(turn.Step.Successors.Single(part => part.Window.Count == 1).SearchId);
    }

    [Fact]
    public void Only_what_was_looked_for_on_every_day_where_it_may_lie_is_missing()
    {
        string[] asked = [Id(2), Id(5), Id(9), Id(11), Id(20)];
        string[] returned = [Id(2)];
        var covered = Days("2026-01-01", "2026-01-09").Each().Concat(Days("2026-01-13", "2026-01-31").Each()).ToHashSet();

        RefreshedDays.Missing(asked, returned, January, covered).ShouldBe([Id(5), Id(20)], "the ninth lies beside a dark day, the eleventh in it");
        RefreshedDays.Missing(asked, returned, January, January.Each().ToHashSet()).ShouldBe([Id(5), Id(9), Id(11), Id(20)]);
        RefreshedDays.Missing(["7"], [], January, covered).ShouldBeEmpty("an id that tells no day may be anywhere");
        RefreshedDays.Missing(["7"], [], January, January.Each().ToHashSet()).ShouldBe(["7"]);
    }

    [Fact]
    public void What_became_of_a_refresh_is_told_once_over_all_its_parts()
    {
        var whole = new EndedRefresh(Refresh(2, 5, 11), Answered: false, Covered: null, Now, [Id(2)], "");
        var part = whole with { Search = whole.Search.Within(Days("2026-01-01", "2026-01-09")), Answered = true, Covered = Days("2026-01-01", "2026-01-09") };

        var told = RefreshAnswers.Of([whole, part], ClassBlackouts.Nothing);

        (told.Answered, told.Failure).ShouldBe((true, ""));
        told.Returned.ShouldBe([Id(2)]);
        told.Missing.ShouldBe([Id(5)]);
        told.Dark.ShouldBeEmpty("nothing is known to be dark");
        RefreshAnswers.Of([whole, part], Dark("2026-01-10", "2026-01-12")).Dark.ShouldBe([Id(11)]);
        RefreshAnswers.Of([whole], Dark("2026-01-10", "2026-01-12")).ShouldSatisfyAllConditions(dark => dark.Answered.ShouldBeFalse(), dark => dark.Dark.ShouldBe([Id(11)]));
        RefreshAnswers.Of([whole with { Failure = "internal_error" }], ClassBlackouts.Nothing).Answered.ShouldBeFalse();
        RefreshAnswers.Of([whole with { Failure = "internal_error" }], ClassBlackouts.Nothing).Failure.ShouldBe("internal_error");
    }

    private static DaysOf January => Days("2026-01-01", "2026-01-31");

    private static Step.Finished Left(Search search, ClassBlackouts known, DateTimeOffset now, CollectorOptions? options = null) =>
        Shade.Of(search, Checkpoint.Start, known, Outage.None, now, options ?? Options).ShouldBeOfType<Shade.Turns>().Turn.Step!;

    private static Surroundings Around(Step told) => new(ClassBlackouts.Of([], told.News!.Exploration), January.To);

    private static Search Refresh(params int[] days) => Search(SearchKind.Refresh, "2026-01-01", "2026-01-31") with { Class = ClauseClass.Id, VideoIds = [.. days.Select(Id)] };

    private static string Id(int day) => (new DateTimeOffset(2026, 1, day, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() << 32).ToString(CultureInfo.InvariantCulture);

    private static ClassBlackouts Dark(string from, string to) => ClassBlackouts.Nothing.With([new(Days(from, to), DayLight.Bad, "log", Now)]);
}
