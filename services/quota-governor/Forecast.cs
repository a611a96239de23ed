using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>What refreshes will cost beside what they can have: pure.</summary>
internal static class Forecast
{
    /// <summary>The days from today on; a day needs too much when it needs more than their share, since interactive work may want all the rest.</summary>
    public static GetForecastResponse Of(RefreshDemand? demand, BudgetReading budget)
    {
        var available = BudgetPolicy.UnitsOf(budget.Policy.RefreshShare, budget.Limit);
        var response = new GetForecastResponse { Available = available };
        if (demand is null)
        {
            return response;
        }

        response.CountedAt = demand.At.ToTimestamp();
        var first = UtcDay.Of(demand.At);
        response.Days.Add(
            from day in demand.Days.Select((units, index) => (Day: first.AddDays(index), Units: units))
            where day.Day >= budget.Day
            select new QuotaForecastDay { Day = UtcDay.Text(day.Day), Units = day.Units });
        response.FirstDayOver = response.Days.FirstOrDefault(day => day.Units > available)?.Day ?? "";
        return response;
    }
}
