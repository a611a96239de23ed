using IssueObservatory.Mesh.QuotaGovernor;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

public sealed class RefereeClockTests
{
    private readonly ManualTime clock = new();
    private readonly RefereeClock referee;

    public RefereeClockTests() => referee = new(new() { RefereeClock = true }, clock);

    [Theory]
    [InlineData(-30)]
    [InlineData(0)]
    [InlineData(30)]
    public void Half_a_minute_is_agreement(int seconds)
    {
        referee.Observe(clock.GetUtcNow(), clock.GetUtcNow().AddSeconds(seconds)).ShouldBe(TimeSpan.Zero);
        referee.RefusedUntil().ShouldBeNull();
    }

    [Fact]
    public void A_long_flight_explains_an_old_date()
    {
        var sentAt = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(4));
        referee.Observe(sentAt, sentAt.AddSeconds(-10)).ShouldBe(TimeSpan.Zero);
        referee.Observe(sentAt, sentAt.AddSeconds(-31)).ShouldBe(TimeSpan.FromSeconds(-31));
    }

    [Theory]
    [InlineData(600)]
    [InlineData(-600)]
    public void Time_alone_does_not_set_a_clock_right(int seconds)
    {
        var now = clock.GetUtcNow();
        referee.Observe(now, now.AddSeconds(seconds)).ShouldBe(TimeSpan.FromSeconds(seconds));
        referee.RefusedUntil().ShouldBe(now.AddMinutes(1));
        clock.Advance(TimeSpan.FromMinutes(10));
        referee.RefusedUntil().ShouldNotBeNull();
    }

    [Fact]
    public void A_clock_that_is_set_back_to_the_right_time_may_grant_again()
    {
        var now = clock.GetUtcNow();
        referee.Observe(now, now.AddMinutes(-20));
        clock.SetUtcNow(now.AddMinutes(-20));
        referee.RefusedUntil().ShouldBeNull();
    }

    [Fact]
    public void A_clock_that_is_set_forward_to_the_right_time_may_grant_again()
    {
        var shift = TimeSpan.Zero;
        var ours = new RefereeClock(new() { RefereeClock = true }, new Corrected(clock, () => shift));
        ours.Observe(clock.GetUtcNow(), clock.GetUtcNow().AddMinutes(20));
        ours.RefusedUntil().ShouldNotBeNull();
        shift = TimeSpan.FromMinutes(20);
        ours.RefusedUntil().ShouldBeNull();
    }

    [Fact]
    public void An_answer_that_agrees_ends_the_doubt_and_after_an_hour_one_request_looks_again()
    {
        var now = clock.GetUtcNow();
        referee.Observe(now, now.AddHours(3));
        referee.Observe(now, now);
        referee.RefusedUntil().ShouldBeNull();
        referee.Observe(now, now.AddHours(3));
        clock.Advance(TimeSpan.FromHours(1));
        referee.RefusedUntil().ShouldBeNull();
    }

    [Fact]
    public void A_sandbox_is_no_referee()
    {
        var sandboxed = new RefereeClock(new(), clock);
        sandboxed.Observe(clock.GetUtcNow(), clock.GetUtcNow().AddDays(9)).ShouldBe(TimeSpan.Zero);
        sandboxed.RefusedUntil().ShouldBeNull();
    }

    /// <summary>A wall clock that somebody sets, over a stopwatch that goes on.</summary>
    private sealed class Corrected(ManualTime inner, Func<TimeSpan> shift) : TimeProvider
    {
        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + shift();

        public override long GetTimestamp() => inner.GetTimestamp();
    }
}
