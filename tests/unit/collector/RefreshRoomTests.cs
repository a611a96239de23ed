using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class RefreshRoomTests
{
    [Fact]
    public void What_can_be_read_again_in_time_may_be_collected()
    {
        Should.NotThrow(() => RefreshRoom.Check(100, Forecast(800)));
        Should.NotThrow(() => RefreshRoom.Check(100, new()), "a forecast that nobody made refuses nothing");
    }

    [Fact]
    public void What_would_need_more_than_there_is_on_a_day_is_refused_with_both_numbers()
    {
        var refused = Should.Throw<MeshException>(() => RefreshRoom.Check(101, Forecast(800)));
        refused.Reason.ShouldBe(ErrorReason.ForecastExceeded);
        refused.Message.ShouldContain("about 101 requests");
        refused.Message.ShouldContain("already need 800 on 2026-04-13 and can have 900");
        refused.Metadata["day"].ShouldBe("2026-04-13");
    }

    [Fact]
    public void A_warning_says_the_same_as_a_refusal_and_names_no_setting_that_refuses_nothing()
    {
        var refused = Should.Throw<MeshException>(() => RefreshRoom.Check(101, Forecast(800))).Message;

        var warned = RefreshRoom.Over(101, Forecast(800), refuses: false).ShouldNotBeNull();

        (warned.Day, warned.Units, warned.AddedUnits, warned.Available, warned.Refused).ShouldBe(("2026-04-13", 800, 101, 900, false));
        warned.Message.ShouldContain("already need 800 on 2026-04-13 and can have 900");
        warned.Message.ShouldNotContain("Collector:");
        refused.ShouldStartWith(warned.Message[..warned.Message.IndexOf("Keep less", StringComparison.Ordinal)]);
        RefreshRoom.Over(101, Forecast(800), refuses: true)!.Message.ShouldBe(refused);
        RefreshRoom.Over(100, Forecast(800), refuses: false).ShouldBeNull();
    }

    [Fact]
    public void A_large_collection_is_spread_over_its_days() => Should.NotThrow(() => RefreshRoom.Check(1000, Forecast(400)));

    [Fact]
    public void Days_before_its_first_refresh_do_not_count()
    {
        var forecast = Forecast(0);
        forecast.Days[3].Units = 5000;
        Should.NotThrow(() => RefreshRoom.Check(500, forecast));
    }

    private static GetForecastResponse Forecast(long onTheFullestDay)
    {
        var forecast = new GetForecastResponse { Available = 900 };
        forecast.Days.Add(Enumerable.Range(1, 30).Select(day => new QuotaForecastDay { Day = $"2026-04-{day:00}", Units = day == 13 ? onTheFullestDay : 0 }));
        return forecast;
    }
}
