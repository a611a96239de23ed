using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Defaults;

public sealed class EventPatienceTests
{
    [Fact]
    public void An_event_has_five_tries_after_growing_pauses()
    {
        var pauses = Enumerable.Range(1, 5).Select(EventPatience.Usual.PauseAfter).ToList();

        pauses[4].ShouldBeNull("the fifth try is the last");
        pauses.Take(4).ShouldAllBe(pause => pause != null);
        pauses.Take(4).ShouldBe(pauses.Take(4).Order());
    }

    [Theory]
    [InlineData(6)]
    [InlineData(1000)]
    public void A_count_from_elsewhere_never_gives_more(int tries) => EventPatience.Usual.PauseAfter(tries).ShouldBeNull();

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(-1, false)]
    public void A_handler_understands_versions_up_to_its_own(int version, bool understood) =>
        EventContract.Of(typeof(PageStored)).Understands(version).ShouldBe(understood);

    [Fact]
    public void An_event_is_known_by_its_name_and_the_queues_of_its_consumers()
    {
        var contract = EventContract.Of(typeof(PageNormalized));

        contract.Name.ShouldBe("page-normalized");
        contract.Queues.ShouldBe(["collector-page-normalized", "refresh-scheduler-page-normalized"]);
        EventContract.All.Count.ShouldBe(7);
    }
}
