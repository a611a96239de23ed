using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

public sealed class ForecastTests
{
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly QuotaGovernorOptions options = new();

    [Fact]
    public void Refreshes_surely_have_their_share_and_no_more()
    {
        var forecast = Of(BudgetPolicy.Default(options) with { RefreshShare = 0.2 }, 200, 201);

        forecast.Available.ShouldBe(200);
        forecast.FirstDayOver.ShouldBe("2026-04-02");
    }

    [Fact]
    public void Unless_their_share_was_lowered_it_is_all_but_what_is_kept() => Of(BudgetPolicy.Default(options), 900, 901).FirstDayOver.ShouldBe("2026-04-02");

    private static GetForecastResponse Of(BudgetPolicy policy, params long[] days) => Forecast.Of(
        new RefreshDemand { At = Now, Due = [], Days = [.. days] },
        new(new("default", "default", QuotaBucket.Research), new(2026, 4, 1), 0, 1000, Now.AddHours(15), 0) { Policy = policy });
}
