using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.RefreshScheduler;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.RefreshScheduler;

public sealed class RefreshForecastTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Window = new(2026, 1, 1);

    [Fact]
    public void A_hundred_videos_of_a_window_are_a_unit_and_the_first_says_by_when() =>
        RefreshForecast.Due([new(Window, Start.AddHours(5), 60), new(Window, Start.AddHours(1), 150), new(Window.AddDays(31), Start.AddHours(3), 1)], [])
            .ShouldBe([Due(1, 2), Due(3, 1), Due(5, 1)]);

    [Fact]
    public void What_fits_the_page_before_is_no_unit_more() =>
        RefreshForecast.Due([new(Window, Start.AddHours(1), 150), new(Window, Start.AddHours(5), 50)], []).ShouldBe([Due(1, 2)]);

    [Fact]
    public void A_batch_on_its_way_is_a_unit_and_a_check_is_none()
    {
        var batch = new OpenBatch { RefreshId = "a", From = Window, To = Window, HandedOverAt = Start, Videos = [Video(1, Start, Start.AddHours(2.5))] };
        RefreshForecast.Due([], [batch, batch with { RefreshId = "b", Checks = V1.CheckedItems.Videos }]).ShouldBe([Due(2, 1)]);
    }

    [Fact]
    public void Days_count_what_is_due_already_today_and_what_is_read_again_thirteen_days_later()
    {
        var today = DateOnly.FromDateTime(Start.UtcDateTime);
        var days = RefreshForecast.Days([new(today.AddDays(-3), 250), new(today, 50), new(today.AddDays(2), 101), new(today.AddDays(45), 7000)], 100, today);
        days.Count.ShouldBe(30);
        days.Select((units, day) => (day, units)).Where(each => each.units > 0).ShouldBe([(0, 4), (2, 2), (13, 4), (15, 2), (26, 4), (28, 2)]);
    }

    /// <summary>A corpus, its real schedule and packing, hour by hour: what was forecast is what it took.</summary>
    [Theory]
    [InlineData(1, 100_000, 365, 0.0)]
    [InlineData(2, 100_000, 365, 0.4)]
    [InlineData(3, 150_000, 700, 0.2)]
    public void A_forecast_is_within_five_percent_at_fifteen_days_and_requests_are_full(int seed, int size, int spanDays, double burst)
    {
        var random = new Random(seed);
        var world = new PackedCorpus(Enumerable.Range(0, size).Select(number =>
        {
            // A share of them was read on three days, as when a large collection ends.
            var readDaysAgo = random.NextDouble() < burst ? 5 + (random.NextDouble() * 3) : random.NextDouble() * 13;
            var read = Start.AddDays(-readDaysAgo);
            return RefreshPlan.Read(number.ToString(System.Globalization.CultureInfo.InvariantCulture), read.AddDays(-10 - (random.NextDouble() * spanDays)), read);
        }));
        var today = DateOnly.FromDateTime(Start.UtcDateTime);
        var forecast = RefreshForecast.Days([.. world.ByDueDay()], 0, today);

        List<int> units = [];
        for (var day = 0; day < 20; day++)
        {
            units.Add(world.RunDay(Start.AddDays(day)));
        }

        var error = Math.Abs((double)units[15] / forecast[15] - 1);
        var sum = Math.Abs(units.Take(16).Sum() / (double)forecast.Take(16).Sum() - 1);
        output.WriteLine($"seed {seed}: day 15 {units[15]} units for {forecast[15]} ({error:P1}), sixteen days {units.Take(16).Sum()} for {forecast.Take(16).Sum()} ({sum:P1}), {world.IdsARequest:F1} ids a request, {units.Average() * 1500 / size:F3} of S/(100 T)");
        sum.ShouldBeLessThanOrEqualTo(0.05);
        error.ShouldBeLessThanOrEqualTo(0.05);
        world.IdsARequest.ShouldBeGreaterThanOrEqualTo(97);
        world.Late.ShouldBe(0);
    }

    private static UnitsDue Due(int hours, long units) => new() { By = Start.AddHours(hours), Units = units };

    private static ScheduledVideo Video(int id, DateTimeOffset due, DateTimeOffset deadline) => new()
    {
        PlatformId = $"{id}", PublishedAt = Start.AddDays(-40), LastReadAt = Start.AddDays(-13), LookedAt = Start.AddDays(-13), DueAt = due, Deadline = deadline,
    };
}
