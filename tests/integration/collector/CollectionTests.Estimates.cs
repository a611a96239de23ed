using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>What an estimate says, with a governor that knows what refreshes need, or cannot be reached.</summary>
public abstract partial class CollectionTests
{
    [Fact]
    public async Task An_estimate_says_what_a_submission_would_be_refused_for()
    {
        await using var collector = Start();
        (await collector.Commands.EstimateAsync("default", Spec, None)).Overload.ShouldBeNull();
        quota.Forecast = null;
        (await collector.Commands.EstimateAsync("default", Spec, None)).Overload.ShouldBeNull("nobody can say");

        quota.Forecast = new() { Available = 900 };
        quota.Forecast.Days.Add(Enumerable.Range(1, 30).Select(day => new QuotaForecastDay { Day = $"2026-05-{day:00}", Units = 900 }));
        var warned = (await collector.Commands.EstimateAsync("default", Spec, None)).Overload.ShouldNotBeNull();
        (warned.Refused, warned.AddedUnits, warned.Available).ShouldBe((false, 1, 900));
        await using var strict = new RunningCollector(OpenStore("strict"), tiktok, time, quota, tokens, normalizer, options: new() { RefuseOverForecast = true });
        var refused = (await strict.Commands.EstimateAsync("default", Spec, None)).Overload.ShouldNotBeNull();

        refused.Refused.ShouldBeTrue();
        (await Should.ThrowAsync<Defaults.MeshException>(RunningCollector.SubmitAsync(strict.Commands, Spec))).ShouldSatisfyAllConditions(
            thrown => thrown.Reason.ShouldBe(ErrorReason.ForecastExceeded),
            thrown => thrown.Message.ShouldBe(refused.Message));
        tiktok.Requests.ShouldBeEmpty();
    }
}
