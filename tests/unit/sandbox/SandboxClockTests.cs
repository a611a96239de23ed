using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Unit.Sandbox;

public sealed class SandboxClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void It_follows_the_given_provider_with_an_offset()
    {
        var time = new Hand(Start);
        var clock = new SandboxClock(time, TimeSpan.FromHours(1));
        clock.GetUtcNow().ShouldBe(Start.AddHours(1));
        time.Now = Start.AddMinutes(5);
        clock.GetUtcNow().ShouldBe(Start.AddMinutes(65));
    }

    [Fact]
    public void It_can_be_moved_and_set_and_runs_on()
    {
        var time = new Hand(Start);
        var clock = new SandboxClock(time, TimeSpan.Zero);
        clock.Advance(TimeSpan.FromDays(2));
        clock.Advance(TimeSpan.FromDays(-1));
        clock.GetUtcNow().ShouldBe(Start.AddDays(1));
        clock.SetUtcNow(new(2030, 5, 5, 0, 0, 0, TimeSpan.Zero));
        time.Now = Start.AddSeconds(1);
        clock.GetUtcNow().ShouldBe(new(2030, 5, 5, 0, 0, 1, TimeSpan.Zero));
    }

    private sealed class Hand(DateTimeOffset start) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
