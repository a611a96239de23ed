using IssueObservatory.Mesh.Defaults;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Defaults;

public sealed class OffsetClockTests
{
    [Fact]
    public void It_is_as_far_off_as_the_file_says_at_any_time_and_its_timers_run_on()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("offset");
        Set(path, "7200.5", 1);
        var clock = OffsetClock.Of(path);
        Off(clock).ShouldBe(TimeSpan.FromSeconds(7200.5), TimeSpan.FromSeconds(5));

        Set(path, "-86400", 2);
        Off(clock).ShouldBe(TimeSpan.FromDays(-1), TimeSpan.FromSeconds(5));
        clock.GetElapsedTime(clock.GetTimestamp()).ShouldBeLessThan(TimeSpan.FromHours(1));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_file_it_is_the_machines(string? path) => OffsetClock.Of(path).ShouldBe(TimeProvider.System);

    private static TimeSpan Off(TimeProvider clock) => clock.GetUtcNow() - TimeProvider.System.GetUtcNow();

    private static void Set(string path, string seconds, int written)
    {
        File.WriteAllText(path, seconds);
        File.SetLastWriteTimeUtc(path, new DateTime(2026, 1, 1, 0, 0, written, DateTimeKind.Utc));
    }
}
