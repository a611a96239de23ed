using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class SuspicionTests
{
    private static readonly DateTimeOffset Seen = new(2026, 1, 20, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The recorded second pages of the contract's §5.9: 4 videos where the rate before promises 82, and 28 in small letters.</summary>
    [Theory]
    [InlineData(3.3, 4, 24.9, "Capitals")]
    [InlineData(3.3, 4, 24.9, "Unknown")]
    [InlineData(3.3, 4, 24.9, "Small")]
    [InlineData(5.2, 28, 9, "Small")]
    public void A_page_like_those_of_the_recordings_is_suspect(double perHour, int videos, double hours, string spelling) =>
        Suspicion.Of(Search(), Before(perHour), Found(videos, hours, Enum.Parse<RegionSpelling>(spelling))).ShouldBe(Doubt.Sparse);

    [Theory]
    [InlineData("as dense as before", 4, 100, 25)]
    [InlineData("half as dense, in capitals", 4, 50, 25)]
    [InlineData("thin, but too short to tell", 0.5, 1, 20)]
    [InlineData("no rate before it", 0, 1, 500)]
    public void What_chance_or_a_quiet_night_explains_is_not(string what, double perHour, int videos, double hours) =>
        Suspicion.Of(Search(), Before(perHour), Found(videos, hours, RegionSpelling.Capitals)).ShouldBe(Doubt.None, what);

    [Fact]
    public void A_search_that_spells_small_from_the_first_page_on_is_not_suspect_for_it() =>
        Suspicion.Of(Search(), Before(4) with { Regions = RegionSpelling.Small }, Found(90, 25, RegionSpelling.Small)).ShouldBe(Doubt.None);

    [Fact]
    public void An_end_behind_one_full_page_or_with_a_page_that_shows_nothing_is_an_early_end()
    {
        Suspicion.Of(Search(), Checkpoint.Start, Found(80, 25, RegionSpelling.Capitals) with { Cursor = 100, HasMore = false }).ShouldBe(Doubt.EndsEarly);
        Suspicion.Of(Search(), Checkpoint.Start, Found(80, 25, RegionSpelling.Capitals) with { Cursor = 99, HasMore = false }).ShouldBe(Doubt.None);
        Suspicion.Of(Search(), Before(4), Found(0, 0, RegionSpelling.Unknown) with { HasMore = false }).ShouldBe(Doubt.EndsEarly);
        Suspicion.Of(Search(), Before(4), Found(0, 0, RegionSpelling.Unknown)).ShouldBe(Doubt.None, "empty pages are legal");
    }

    [Fact]
    public void A_suspect_page_is_read_again_by_date_and_what_is_newer_is_covered()
    {
        var end = Decide(Search(), Before(4), Found(20, 100, RegionSpelling.Small)).ShouldBeOfType<Step.Finished>();

        end.Covered.ShouldBe(Days("2026-01-21", "2026-01-30"));
        end.Missing.ShouldBeNull();
        var again = end.Successors.ShouldHaveSingleItem();
        again.Window.ShouldBe(Days("2026-01-01", "2026-01-20"));
        again.Clauses.ShouldHaveSingleItem().Days.ShouldBe(again.Window);
        again.Rereads.ShouldBe(["s"]);
    }

    [Fact]
    public void The_same_day_is_read_again_once_and_further_only_while_that_brings_new_videos()
    {
        var day = Search(from: "2026-01-20", to: "2026-01-20");
        var page = Found(20, 11, RegionSpelling.Small);

        var again = Decide(day, Before(40), page).ShouldBeOfType<Step.Finished>().Successors.ShouldHaveSingleItem();
        var further = Decide(again, Before(40), page with { Unseen = 3 }).ShouldBeOfType<Step.Finished>().Successors.ShouldHaveSingleItem();
        further.Rereads.ShouldBe(["s", "sd"]);

        Decide(further, Before(40), page with { Unseen = 0 }).ShouldBeOfType<Step.GoOn>().Next.DoubtfulTo.ShouldBe(new DateOnly(2026, 1, 20));
        var last = Decide(further, Before(40), page with { Unseen = 0, HasMore = false }).ShouldBeOfType<Step.Finished>();
        (last.Covered, last.DoubtfulTo, last.Successors.Count).ShouldBe((day.Window, new DateOnly(2026, 1, 20), 0));
    }

    [Fact]
    public void However_much_each_search_brings_a_day_is_not_read_for_ever()
    {
        var search = Search(from: "2026-01-20", to: "2026-01-20");
        var searches = 0;
        while (Decide(search, Before(40), Found(20, 11, RegionSpelling.Small) with { Unseen = 20 }) is Step.Finished { Successors: [var next] })
        {
            search = next;
            (++searches).ShouldBeLessThan(10);
        }
    }

    [Fact]
    public void A_day_that_stays_suspect_casts_no_doubt_on_the_days_before_it()
    {
        var again = Search(to: "2026-01-20") with { Rereads = ["x"], RereadsInPlace = 1 };

        var parts = Decide(again, Before(40), Found(20, 11, RegionSpelling.Small)).ShouldBeOfType<Step.Finished>().Successors;

        parts.Select(part => part.Window).ShouldBe([Days("2026-01-20", "2026-01-20"), Days("2026-01-01", "2026-01-19")]);
        parts.Select(part => part.SearchId).ShouldBeUnique();
    }

    [Fact]
    public void Small_letters_that_hid_nothing_are_trusted_from_then_on()
    {
        var again = Search(to: "2026-01-20") with { Rereads = ["x"], Suspect = new("100", "200", IsSmall: true) };
        var page = Found(80, 25, RegionSpelling.Capitals) with { Cursor = 100, InStretch = 60, Missed = 0 };

        var next = Decide(again, Checkpoint.Start, page).ShouldBeOfType<Step.GoOn>().Next;

        Decide(again, next, Found(80, 25, RegionSpelling.Small) with { OldestAt = page.OldestAt!.Value.AddHours(-25) }).ShouldBeOfType<Step.GoOn>().Next.DoubtfulTo.ShouldBeNull();
        Decide(again, Checkpoint.Start, page with { Missed = 40 }).ShouldBeOfType<Step.GoOn>().Next.TrustsSmall.ShouldBeFalse();
    }

    [Fact]
    public void Two_searches_that_agree_on_a_thin_page_in_capitals_leave_no_doubt()
    {
        var again = Search(to: "2026-01-20") with { Rereads = ["x"], RereadsInPlace = 1 };

        Decide(again, Before(40), Found(20, 11, RegionSpelling.Capitals)).ShouldBeOfType<Step.GoOn>().Next.DoubtfulTo.ShouldBeNull();
    }

    [Fact]
    public void What_a_reading_again_brings_is_told_from_what_was_there()
    {
        var search = Search() with { Suspect = new("10", "20", IsSmall: true) };

        var outcome = Suspicion.Compare(search, new() { Class = ApiErrorClass.Ok, VideoIds = ["25", "19", "15", "9"] }, new HashSet<string> { "25", "15" });

        (outcome.Unseen, outcome.InStretch, outcome.Missed).ShouldBe((2, 2, 1));
    }

    [Fact]
    public void Only_searches_for_videos_are_suspected()
    {
        Suspicion.Of(Search(SearchKind.Refresh), Before(4), Found(4, 25, RegionSpelling.Small)).ShouldBe(Doubt.None);
        Suspicion.Of(Search(SearchKind.List), Before(4), Found(4, 25, RegionSpelling.Small)).ShouldBe(Doubt.None);
        Suspicion.Of(Search() with { Class = ClauseClass.Id }, Before(4), Found(4, 25, RegionSpelling.Small)).ShouldBe(Doubt.None);
    }

    private static Checkpoint Before(double perHour) => SecondPage() with { OldestAt = Seen, PerHour = perHour, Regions = RegionSpelling.Capitals, LowestId = "200" };

    private static Outcome Found(int videos, double hours, RegionSpelling spelling) => Page(200, videos == 0 ? null : DaysTextOf(Seen.AddHours(-hours)), videos) with
    {
        VideoIds = [.. Enumerable.Range(0, videos).Select(i => $"{199 - i}")],
        NewestAt = videos == 0 ? null : Seen,
        OldestAt = videos == 0 ? null : Seen.AddHours(-hours),
        LowestId = videos == 0 ? "" : $"{200 - videos}",
        Regions = spelling,
    };

    private static string DaysTextOf(DateTimeOffset time) => IssueObservatory.Mesh.Collector.Days.Text(IssueObservatory.Mesh.Collector.Days.DayOf(time));
}
