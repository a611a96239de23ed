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

    /// <summary>Passes a plan on that leaves room; refuses one that would need more on a day than refreshes can have.</summary>
    /// <exception cref="MeshException">FORECAST_EXCEEDED.</exception>
    public static Plan Check(Plan plan, GetForecastResponse forecast)
    {
        var units = plan.Searches.LongCount(search => search.Kind is SearchKind.Videos);
        var days = Math.Max(1, (units + forecast.Available - 1) / Math.Max(1, forecast.Available));
        var more = (units + days - 1) / days;
        var fullest = forecast.Days.Skip(FirstRefreshAfterDays).MaxBy(day => day.Units);
        return units == 0 || fullest is null || fullest.Units + more <= forecast.Available
            ? plan
            : throw new MeshException(
                ErrorReason.ForecastExceeded,
                $"The collection costs at least {units} requests, and its videos about {more} a day to be read again; refreshes already need {fullest.Units} on {fullest.Day} and can have {forecast.Available}. Keep less, ask for less, or set Collector:RefuseOverForecast to false.")
            {
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["day"] = fullest.Day },
            };
    }
}
