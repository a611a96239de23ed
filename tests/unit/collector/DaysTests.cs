using IssueObservatory.Mesh.Collector;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class DaysTests
{
    [Fact]
    public void Windows_are_neighbours_that_share_no_day_and_together_are_the_range()
    {
        for (var length = 1; length <= 100; length++)
        {
            var days = new DaysOf(new(2026, 1, 1), new DateOnly(2026, 1, 1).AddDays(length - 1));

            var windows = days.Windows(31).ToList();

            windows.SelectMany(window => window.Each()).ShouldBe(days.Each());
            windows.ShouldAllBe(window => window.Count >= 1 && window.Count <= 31);
            windows.Count.ShouldBe((length + 30) / 31);
        }
    }

    [Fact]
    public void Stretches_join_neighbours_and_nothing_else()
    {
        var days = new[] { 1, 2, 3, 7, 9, 10 }.Select(day => new DateOnly(2026, 1, day));

        DaysOf.Stretches(days).ShouldBe([Days("2026-01-01", "2026-01-03"), Days("2026-01-07", "2026-01-07"), Days("2026-01-09", "2026-01-10")]);
        DaysOf.Stretches([]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-01-05", "2026-01-09", "2026-01-05..2026-01-09")]
    [InlineData("2026-01-01", "2026-01-05", "2026-01-03..2026-01-05")]
    [InlineData("2026-01-10", "2026-02-05", "2026-01-10..2026-01-10")]
    [InlineData("2026-01-11", "2026-02-05", "none")]
    public void Intersections_hold_exactly_the_days_of_both(string from, string to, string expected)
    {
        var days = Days("2026-01-03", "2026-01-10");
        var both = days.Intersect(Days(from, to));

        (both is { } found ? $"{DaysOf.Text(found.From)}..{DaysOf.Text(found.To)}" : "none").ShouldBe(expected);
        Days(from, to).Intersect(days).ShouldBe(both);
    }

    [Fact]
    public void A_day_is_the_UTC_day_whatever_the_offset() =>
        DaysOf.DayOf(new DateTimeOffset(2026, 1, 2, 0, 30, 0, TimeSpan.FromHours(1))).ShouldBe(new DateOnly(2026, 1, 1));

    [Fact]
    public void Ranges_come_back_as_they_went() => DaysOf.Of(Days("2026-02-28", "2026-03-01").ToRange()).ShouldBe(Days("2026-02-28", "2026-03-01"));
}
