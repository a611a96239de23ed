using IssueObservatory.Mesh.Collector;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class LabTurnsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Parts_add_up_on_a_day_and_the_next_one_begins_with_none()
    {
        var turns = Got(Got(LabTurns.None, ("a", 10), Noon), ("a", 2.5), Noon.AddHours(1));

        turns.Of("a", Noon.AddHours(2)).ShouldBe(new("a", 12.5, Noon.AddHours(1)));
        turns.Of("a", Noon.AddHours(12)).ShouldBe(new("a", 0, Noon.AddHours(1)));
        Got(turns, ("a", 3), Noon.AddHours(13)).Of("a", Noon.AddHours(14)).ShouldBe(new("a", 3, Noon.AddHours(13)));
        turns.Of("b", Noon).ShouldBe(new("b", 0, LastAt: null));
    }

    [Fact]
    public void A_day_that_has_begun_by_one_clock_has_begun()
    {
        var early = new DateTimeOffset(2026, 4, 2, 0, 0, 1, TimeSpan.Zero);
        var turns = Got(Got(Got(LabTurns.None, ("a", 10), Noon), ("a", 4), early), ("a", 5), early.AddSeconds(-3));

        turns.Of("a", early.AddSeconds(-3)).ShouldBe(new("a", 9, early));
    }

    [Fact]
    public void Who_is_hungry_anyway_is_forgotten_and_nobody_else()
    {
        var turns = Got(Got(LabTurns.None, ("long ago", 1), Noon), ("of late", 1), Noon.AddHours(1));

        turns = Got(turns, ("now", 1), Noon + Fairness.LongestHunger);

        turns.Turns.Select(turn => turn.Caller).ShouldBe(["of late", "now"]);
    }

    private static LabTurns Got(LabTurns before, (string Caller, double Positions) part, DateTimeOffset at) =>
        before.With(new Dictionary<string, double>(StringComparer.Ordinal) { [part.Caller] = part.Positions }, at);
}
