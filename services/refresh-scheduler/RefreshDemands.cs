using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Counts what a lab's refreshes need, and tells the governor when that has changed, or has not been told for half an hour.</summary>
internal sealed class RefreshDemands(IRefreshStore store, IEvents events, IOptions<RefreshSchedulerOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan CountEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TellEvery = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Told> told = new(StringComparer.Ordinal);

    /// <summary>Units of the coming days (<see cref="RefreshForecast.Days"/>).</summary>
    public async Task<IReadOnlyList<long>> ForecastAsync(string labId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await ForecastAsync(labId, await store.ListOpenAsync(labId, RefreshPlan.Never, cancellationToken), now, cancellationToken);

    /// <summary>Tells what is needed now, when it is time. Where refreshes do not spend by themselves, nothing is to be kept for them.</summary>
    public async Task TellAsync(string labId, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        var before = told.GetValueOrDefault(labId);
        if (before is not null && now - before.CountedAt < CountEvery)
        {
            return;
        }

        var open = await store.ListOpenAsync(labId, RefreshPlan.Never, cancellationToken);
        var demand = new RefreshDemandChanged
        {
            LabId = labId,
            At = now,
            Due = options.Value.Spends ? RefreshForecast.Due(await store.CountDueAsync(labId, now, cancellationToken), open) : [],
            Days = await ForecastAsync(labId, open, now, cancellationToken),
        };
        var isNews = before is null || now - before.ToldAt >= TellEvery || !demand.Due.SequenceEqual(before.Demand.Due) || !demand.Days.SequenceEqual(before.Demand.Days);
        if (isNews)
        {
            await events.PublishAsync(demand, cancellationToken);
        }

        told[labId] = isNews ? new(demand, now, now) : before! with { CountedAt = now };
    }

    private async Task<IReadOnlyList<long>> ForecastAsync(string labId, IReadOnlyList<OpenBatch> open, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var until = new DateTimeOffset(today.AddDays(RefreshForecast.DaysAhead).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).AddMilliseconds(-1);
        var scheduled = await store.CountByDueDayAsync(labId, until, cancellationToken);
        return RefreshForecast.Days(scheduled, open.Where(batch => !batch.IsCheck).Sum(batch => (long)batch.Videos.Count), today);
    }

    private sealed record Told(RefreshDemandChanged Demand, DateTimeOffset CountedAt, DateTimeOffset ToldAt);
}
