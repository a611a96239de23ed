using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class HeldWorkTests
{
    private readonly HeldWork held = new();

    [Fact]
    public void Refreshes_go_on_while_interactive_work_waits_for_them()
    {
        held.Add(Search(Priority.Interactive), RefusalReason.RefreshDue);
        (held.Holds(Search(Priority.Interactive)), held.Holds(Search(Priority.Refresh))).ShouldBe((true, false));
    }

    [Fact]
    public void A_callers_cap_holds_up_that_caller_only()
    {
        held.Add(Search(Priority.Interactive, "arena-1"), RefusalReason.CallerCap);
        (held.Holds(Search(Priority.Backfill, "arena-1")), held.Holds(Search(Priority.Interactive, "arena-2")), held.Holds(Search(Priority.Refresh, ""))).ShouldBe((true, false, false));
    }

    [Fact]
    public void Background_work_that_is_kept_back_holds_up_no_interactive_work()
    {
        held.Add(Search(Priority.Backfill), RefusalReason.Reserved);
        (held.Holds(Search(Priority.Interactive)), held.Holds(Search(Priority.Refresh)), held.Holds(Search(Priority.Backfill))).ShouldBe((false, false, true));
        held.Add(Search(Priority.Backfill), RefusalReason.Paced);
        (held.Holds(Search(Priority.Interactive)), held.Holds(Search(Priority.Refresh))).ShouldBe((false, true));
    }

    [Theory]
    [InlineData(RefusalReason.DaySpent)]
    [InlineData(RefusalReason.InFlight)]
    [InlineData(RefusalReason.Paced)]
    [InlineData(null)]
    public void Everything_else_holds_up_the_budget_and_no_other(RefusalReason? refusal)
    {
        held.Add(Search(Priority.Interactive), refusal);
        held.Holds(Search(Priority.Backfill, "arena-2")).ShouldBeTrue();
        held.Holds(Search(Priority.Interactive) with { LabId = "other" }).ShouldBeFalse();
        held.Holds(Search(Priority.Interactive) with { Kind = SearchKind.List, Endpoint = ApiEndpoint.Followers }).ShouldBeFalse();
    }

    private static Search Search(Priority priority, string caller = "arena-1") => new()
    {
        LabId = "lab", SearchId = "s", Kind = SearchKind.Videos, Class = ClauseClass.Hashtag, Window = new(new(2026, 1, 1), new(2026, 1, 31)), Priority = priority, CreatedAt = default, Caller = caller,
    };
}
