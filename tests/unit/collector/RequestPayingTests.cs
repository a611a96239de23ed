using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class RequestPayingTests
{
    private static readonly Holder Self = new("one", 1);

    private static readonly DateTimeOffset Midnight = new(2026, 4, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_unit_of_yesterday_that_comes_back_is_none_of_today()
    {
        var (facts, open) = Begin(Budgeted(1), Midnight.AddMinutes(-1));
        var today = DailyUnits.Pay(facts.Collections[0], Midnight.AddMinutes(1));

        var back = RequestPaying.Abandon(facts with { Collections = [today] }, open, Midnight.AddMinutes(2)).Collections.ShouldHaveSingleItem();

        (back.Sent, DailyUnits.SpentToday(back, Midnight.AddMinutes(2))).ShouldBe((1, 1));
        DailyUnits.Rests(back, Midnight.AddMinutes(2)).ShouldBeTrue("its one unit of today is spent");
    }

    [Fact]
    public void A_unit_of_today_that_comes_back_can_be_spent_again()
    {
        var (facts, open) = Begin(Budgeted(1), Midnight.AddMinutes(1));
        DailyUnits.Rests(facts.Collections[0], Midnight.AddMinutes(2)).ShouldBeTrue();

        var back = RequestPaying.Abandon(facts, open, Midnight.AddMinutes(2)).Collections.ShouldHaveSingleItem();

        (back.Sent, DailyUnits.SpentToday(back, Midnight.AddMinutes(2)), DailyUnits.Rests(back, Midnight.AddMinutes(2))).ShouldBe((0, 0, false));
    }

    private static (SearchFacts Facts, OpenSearch Open) Begin(CollectionRecord payer, DateTimeOffset now)
    {
        var search = Search(from: "2026-01-01", to: "2026-01-30", clauses: Tag("dkpol"));
        var open = new OpenSearch(search, Checkpoint.Start, [payer.CollectionId]);
        var (begun, change) = RequestPaying.Begin(new(new() { Search = search, Collections = [payer.CollectionId] }, [payer]), open, "g", Self, now);
        begun.ShouldBeTrue();
        return (new(change.Searches[0], change.Collections), open with { Checkpoint = open.Checkpoint with { InFlightGrant = "g" } });
    }
}
