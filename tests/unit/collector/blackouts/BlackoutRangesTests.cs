using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class BlackoutRangesTests
{
    [Fact]
    public void Days_that_follow_each_other_in_one_state_are_one_range_with_all_its_evidence()
    {
        var known = ClassBlackouts.Nothing
            .With([new(Days("2026-01-01", "2026-01-01"), DayLight.Bad, "one", Now), new(Days("2026-01-02", "2026-01-04"), DayLight.Suspect, "two", Now), new(Days("2026-01-05", "2026-01-06"), DayLight.Bad, "two", Now)])
            .With([new(Days("2026-01-06", "2026-01-07"), DayLight.Good, "", Now.AddDays(1))]);

        var ranges = BlackoutRanges.Of(ClauseClass.Keyword, known).ToList();

        ranges.Select(range => (range.Days.From, range.Days.To, range.State, range.VerifiedDays, range.SuspectDays, range.Tries)).ShouldBe(
        [
            ("2026-01-01", "2026-01-05", BlackoutState.Dark, 2, 3, 2),
            ("2026-01-06", "2026-01-06", BlackoutState.Healed, 1, 0, 1),
        ]);
        ranges[0].LogIds.ShouldBe(["one", "two"]);
    }

    [Fact]
    public void Reported_days_are_named_for_hashtags_until_somebody_has_tested_them()
    {
        BlackoutRanges.Of(ClauseClass.Hashtag, ClassBlackouts.Nothing).ShouldAllBe(range => range.State == BlackoutState.Reported && range.FirstSeen == null);
        BlackoutRanges.Of(ClauseClass.Keyword, ClassBlackouts.Nothing).ShouldBeEmpty();

        var known = ClassBlackouts.Nothing.With([new(Days("2021-03-01", "2022-07-31"), DayLight.Good, "", Now), new(Days("2023-10-01", "2023-10-30"), DayLight.Bad, "log", Now)]);
        BlackoutRanges.Of(ClauseClass.Hashtag, known).Select(range => (range.Days.From, range.State)).ShouldBe([("2023-10-01", BlackoutState.Dark), ("2023-10-31", BlackoutState.Reported)]);
    }

    [Fact]
    public void A_guess_changes_nothing_that_was_tested_and_of_two_labs_the_last_test_counts()
    {
        var day = new DateOnly(2026, 1, 1);
        var bad = KnownDay.After(null, day, new(new(day, day), DayLight.Bad, "one", Now));
        KnownDay.After(bad, day, new(new(day, day), DayLight.Suspect, "two", Now.AddDays(1))).ShouldBe(bad);

        var good = KnownDay.After(null, day, new(new(day, day), DayLight.Good, "", Now.AddDays(1)));
        KnownDay.Merge(bad, good).ShouldSatisfyAllConditions(known => known.Light.ShouldBe(DayLight.Good), known => known.IsHealed.ShouldBeTrue(), known => known.Tries.ShouldBe(1));
        KnownDay.Merge(good, bad).Light.ShouldBe(DayLight.Good);
    }
}
