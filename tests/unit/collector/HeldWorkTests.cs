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
        held.Add(Open(Priority.Interactive), RefusalReason.RefreshDue);
        (held.Holds(Open(Priority.Interactive)), held.Holds(Open(Priority.Refresh))).ShouldBe((true, false));
    }

    [Fact]
    public void A_callers_cap_holds_up_that_caller_only()
    {
        held.Add(Open(Priority.Interactive, "arena-1"), RefusalReason.CallerCap);
        (held.Holds(Open(Priority.Backfill, "arena-1")), held.Holds(Open(Priority.Interactive, "arena-2")), held.Holds(Open(Priority.Refresh, ""))).ShouldBe((true, false, false));
    }

    [Fact]
    public void Background_work_that_is_kept_back_holds_up_no_interactive_work()
    {
        held.Add(Open(Priority.Backfill), RefusalReason.Reserved);
        (held.Holds(Open(Priority.Interactive)), held.Holds(Open(Priority.Refresh)), held.Holds(Open(Priority.Backfill))).ShouldBe((false, false, true));
        held.Add(Open(Priority.Backfill), RefusalReason.Paced);
        (held.Holds(Open(Priority.Interactive)), held.Holds(Open(Priority.Refresh))).ShouldBe((false, true));
    }

    [Theory]
    [InlineData(RefusalReason.DaySpent)]
    [InlineData(RefusalReason.InFlight)]
    [InlineData(RefusalReason.Paced)]
    [InlineData(null)]
    public void Everything_else_holds_up_the_budget_and_no_other(RefusalReason? refusal)
    {
        held.Add(Open(Priority.Interactive), refusal);
        held.Holds(Open(Priority.Backfill, "arena-2")).ShouldBeTrue();
        held.Holds(With(Open(Priority.Interactive), search => search with { LabId = "other" })).ShouldBeFalse();
        held.Holds(With(Open(Priority.Interactive), search => search with { Kind = SearchKind.List, Endpoint = ApiEndpoint.Followers })).ShouldBeFalse();
    }

    private static OpenSearch With(OpenSearch open, Func<Search, Search> change) => open with { Search = change(open.Search) };

    private static OpenSearch Open(Priority priority, string caller = "arena-1") => new(
        new()
        {
            LabId = "lab", SearchId = "s", Kind = SearchKind.Videos, Class = ClauseClass.Hashtag, Window = new(new(2026, 1, 1), new(2026, 1, 31)), Priority = priority, CreatedAt = default,
        },
        new(),
        [])
    {
        Caller = caller,
    };
}
