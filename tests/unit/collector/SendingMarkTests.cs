using IssueObservatory.Mesh.Collector;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class SendingMarkTests
{
    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(4.9, 4.9, true)]
    [InlineData(5, 5, false)]
    [InlineData(10_800, 10_800, false)]
    [InlineData(0, 10_800, false)] // The machine slept; the clock that only runs forward stood still.
    [InlineData(10_800, 0, false)] // The process slept, and somebody set the clock back by as much.
    [InlineData(0, -10, false)]
    public void It_is_good_only_while_both_clocks_say_that_hardly_any_time_has_passed(double elapsed, double shown, bool isGood)
    {
        var clock = new TwoClocks();
        var mark = SendingMark.Now(clock);

        clock.Elapsed = TimeSpan.FromSeconds(elapsed);
        clock.Shown += TimeSpan.FromSeconds(shown);

        mark.IsGood(clock).ShouldBe(isGood);
    }

    private sealed class TwoClocks : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public DateTimeOffset Shown { get; set; } = new(2026, 4, 1, 23, 59, 0, TimeSpan.Zero);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override DateTimeOffset GetUtcNow() => Shown;
    }
}
