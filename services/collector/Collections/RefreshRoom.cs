using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Whether what a new collection brings can be read again in time beside everything that the lab keeps: pure. Each page of videos costs a unit again, ten days
/// after it came at the earliest.
/// </summary>
internal static class RefreshRoom
{
    private const int FirstRefreshAfterDays = 10;

    /// <summary>What is wrong with a plan that would need more on a day than refreshes can have; null when it leaves room, or nobody has told what they need.</summary>
    /// <param name="units">Units that the collection spends on videos, likely.</param>
    /// <param name="forecast">What refreshes need without it.</param>
    /// <param name="refuses">Whether such a collection is refused (<see cref="CollectorOptions.RefuseOverForecast"/>).</param>
    public static RefreshOverload? Over(long units, GetForecastResponse forecast, bool refuses)
    {
        var days = Math.Max(1, (units + forecast.Available - 1) / Math.Max(1, forecast.Available));
        var more = (units + days - 1) / days;
        var fullest = forecast.Days.Skip(FirstRefreshAfterDays).MaxBy(day => day.Units);
        return units == 0 || fullest is null || fullest.Units + more <= forecast.Available
            ? null
            : new()
            {
                Day = fullest.Day,
                Units = fullest.Units,
                AddedUnits = more,
                Available = forecast.Available,
                Refused = refuses,
                Message = string.Create(CultureInfo.InvariantCulture, $"The collection costs about {units:N0} requests, and its videos about {more:N0} a day to be read again; refreshes already need {fullest.Units:N0} on {fullest.Day} and can have {forecast.Available:N0}. ")
                    + (refuses ? "Keep less, ask for less, or set Collector:RefuseOverForecast to false." : "Keep less, or ask for less."),
            };
    }

    /// <summary>Refuses what would need more on a day than refreshes can have.</summary>
    /// <exception cref="MeshException">FORECAST_EXCEEDED.</exception>
    public static void Check(long units, GetForecastResponse forecast)
    {
        if (Over(units, forecast, refuses: true) is { } over)
        {
            throw new MeshException(ErrorReason.ForecastExceeded, over.Message)
            {
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["day"] = over.Day },
            };
        }
    }
}
