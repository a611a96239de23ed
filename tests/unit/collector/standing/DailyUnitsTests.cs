using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class DailyUnitsTests
{
    [Fact]
    public void With_the_last_unit_of_the_day_it_rests_until_midnight_utc()
    {
        var one = DailyUnits.Pay(Budgeted(2), Now);
        var two = DailyUnits.Pay(one, Now.AddHours(1));

        DailyUnits.Rests(one, Now).ShouldBeFalse();
        DailyUnits.Rests(two, Now.AddHours(11.9)).ShouldBeTrue();
        DailyUnits.Rests(two, Now.AddHours(12)).ShouldBeFalse();
        (two.Sent, DailyUnits.SpentToday(two, Now.AddHours(2)), DailyUnits.SpentToday(two, Now.AddHours(12))).ShouldBe((2, 2, 0));
        DailyUnits.Pay(two, Now.AddHours(12)).ShouldSatisfyAllConditions(next => next.SpentThen.ShouldBe(1), next => next.RestsUntil.ShouldBeNull());
    }

    [Fact]
    public void A_unit_that_was_not_sent_can_be_spent_again()
    {
        var back = DailyUnits.GiveBack(DailyUnits.Pay(DailyUnits.Pay(Budgeted(2), Now), Now), DaysOf.DayOf(Now));

        DailyUnits.Rests(back, Now).ShouldBeFalse();
        (back.Sent, back.SpentThen).ShouldBe((1, 1));
    }

    [Fact]
    public void Without_a_budget_it_never_rests()
    {
        var free = Budgeted(2) with { UnitsPerDay = 0 };
        for (var i = 0; i < 50; i++)
        {
            free = DailyUnits.Pay(free, Now);
        }

        DailyUnits.Rests(free, Now).ShouldBeFalse();
        DailyUnits.SpentToday(free, Now).ShouldBe(50);
    }
}
