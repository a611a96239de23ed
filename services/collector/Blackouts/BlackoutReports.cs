using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What callers see of blackouts.</summary>
internal sealed class BlackoutReports(ICollectorStore store)
{
    /// <summary>Classes that are asked for by windows; a list has no days.</summary>
    private static readonly ClauseClass[] Classes =
        [.. System.Enum.GetValues<ClauseClass>().Where(each => each is not (ClauseClass.Unspecified or ClauseClass.List)).Order()];

    public async Task<ListBlackoutsResponse> ListAsync(CancellationToken cancellationToken)
    {
        var response = new ListBlackoutsResponse();
        foreach (var clauseClass in Classes)
        {
            var known = await store.ReadBlackoutsAsync(clauseClass, cancellationToken);
            response.Blackouts.Add(BlackoutRanges.Of(clauseClass, known));
            if (known.Exploration is not null)
            {
                response.Exploring.Add(clauseClass);
            }
        }

        if (await store.ReadOutageAsync(cancellationToken) is { IsOpen: true } outage)
        {
            response.Outage = new() { Since = (outage.Since ?? outage.OpenedAt!.Value).ToTimestamp(), NextTry = outage.NextTryAt.ToTimestamp() };
        }

        return response;
    }

    /// <summary>Since when TikTok answers nothing; null while it does.</summary>
    public async Task<DateTimeOffset?> DownSinceAsync(CancellationToken cancellationToken) =>
        await store.ReadOutageAsync(cancellationToken) is { IsOpen: true } outage ? outage.Since ?? outage.OpenedAt : null;

    /// <summary>Reported days that a plan asks for and of which nothing is known.</summary>
    public async Task<IReadOnlyList<Blackout>> ReportedAsync(Plan plan, CancellationToken cancellationToken)
    {
        List<Blackout> reported = [];
        foreach (var searches in plan.Searches.Where(search => search.Kind is SearchKind.Videos).GroupBy(search => search.Class).OrderBy(each => each.Key))
        {
            var known = await store.ReadBlackoutsAsync(searches.Key, cancellationToken);
            reported.AddRange(
                from untested in ReportedBlackouts.Untested(searches.Key, known)
                from days in Days.Stretches(searches.Select(search => search.Window.Intersect(untested)).OfType<Days>().SelectMany(days => days.Each()).Distinct().Order())
                select BlackoutRanges.Reported(searches.Key, days));
        }

        return reported;
    }
}
