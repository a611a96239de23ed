using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Cli;
using IssueObservatory.Mesh.Cli.Commands;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Cli;

/// <summary>When a command that was told not to wait leaves, and what it says then.</summary>
public sealed class HeldUpTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(CollectionState.WaitingForQuota, 3_600, 0, true)]
    [InlineData(CollectionState.Running, 3_600, 0, true)]
    [InlineData(CollectionState.Running, 301, 0, true)]
    [InlineData(CollectionState.Running, 300, 0, false)]
    [InlineData(CollectionState.WaitingForQuota, -3_600, 0, false)]
    [InlineData(CollectionState.Running, 3_600, 1, false)]
    [InlineData(CollectionState.Paused, 3_600, 0, false)]
    [InlineData(CollectionState.Complete, 3_600, 0, false)]
    public void A_collection_is_held_up_when_it_waits_for_more_than_five_minutes_with_no_request_on_its_way(CollectionState state, int seconds, int onItsWay, bool isHeldUp) =>
        Waiting(state, seconds, onItsWay).IsHeldUp(Now).ShouldBe(isHeldUp);

    [Fact]
    public void Who_leaves_is_told_what_is_waited_for_and_until_when()
    {
        Waiting(CollectionState.Running, 3_600).ToExitCode().ShouldBe(ExitCode.WaitingForQuota);
        var hint = CollectionEnd.Hint(Waiting(CollectionState.Running, 3_600), Now)!;

        hint.ShouldContain("the bus");
        hint.ShouldEndWith("goes on at 10:00:00 UTC (in 1 h 0 min), by the same command or `mesh up`");
    }

    [Fact]
    public void Who_follows_a_day_that_is_too_young_is_told_when_the_first_is_read()
    {
        var status = new CollectionStatus { State = CollectionState.Running, Days = new(), Standing = new() { NextAt = Now.AddDays(1).ToTimestamp() } };

        CollectionEnd.Hint(status, Now).ShouldBe("mesh: no day is old enough yet: the first is read at 2026-11-23 09:00:00 UTC (in 24 h 0 min); the same command, or `mesh up`, reads it then");
    }

    private static CollectionStatus Waiting(CollectionState state, int seconds, int onItsWay = 0) => new()
    {
        State = state,
        WaitingFor = "the bus",
        WaitingUntil = Now.AddSeconds(seconds).ToTimestamp(),
        Requests = new() { Sent = 3 + onItsWay, Ok = 2, Failed = 1 },
    };
}
