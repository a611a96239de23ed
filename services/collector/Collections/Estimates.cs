using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a plan would cost, without spending anything.</summary>
internal static class Estimates
{
    public static EstimateCollectionResponse Of(ReadSpec read, Plan plan, History history, QuotaShare? share, CollectorOptions options)
    {
        var (units, likely) = Units(read, plan, history);
        var inputsOf = read.Asked.ToLookup(clause => clause.Clause.ClauseId, clause => clause.Input, StringComparer.Ordinal);
        List<Clause> clauses = read.Spec.Sample > 0 ? [] : [.. read.Asked.Where(asked => !asked.IsList && asked.Clause.Class is not ClauseClass.Id).Select(asked => asked.Clause).DistinctBy(clause => clause.ClauseId, StringComparer.Ordinal)];
        var response = new EstimateCollectionResponse
        {
            MinUnits = units,
            Lists = plan.Searches.Count(search => search.Kind is SearchKind.List),
            LikelyUnits = likely,
            Clauses = clauses.Count,
            CountedClauses = clauses.Count(history.Knows),
            Bucket = read.Bucket,
            CoveredClauseDays = plan.CoveredClauseDays,
            AskedClauseDays = read.Asked.Where(asked => !asked.IsList).Sum(asked => (long)asked.Days.Count),
            UnitsPerDay = read.Spec.Standing ? PerDay(read.Asked, options) : 0,
            QuotaDays = share is null ? 0 : (share with { UnitsPerDay = read.Spec.UnitsPerDay }).DaysFor(read.Spec.MaxUnits > 0 ? Math.Min(likely, read.Spec.MaxUnits) : likely),
        };
        response.Searches.Add(
            from search in plan.Searches
            let inputs = InputsOf(search, inputsOf)
            where inputs.Count > 0
            select new PlannedSearch
            {
                Class = search.Class,
                Days = search.Kind is SearchKind.List ? new() : search.Window.ToRange(),
                Inputs = { inputs },
                Endpoint = search.Endpoint,
            });
        response.KnownGaps.Add(
            from gap in plan.KnownGaps.Select(known => (known.Asked, known.Gap.Day, known.Gap.Reason)).Concat(Unripe(plan, read.Asked))
            group gap by (gap.Reason, gap.Asked.Clause.Class) into same
            from days in Days.Stretches(same.Select(gap => gap.Day).Distinct().Order())
            select new Gap
            {
                Days = days.ToRange(),
                Reason = same.Key.Reason,
                Class = same.Key.Class,
                Clauses = { same.Where(gap => days.Contains(gap.Day)).Select(gap => gap.Asked.Input).Distinct(StringComparer.Ordinal) },
            });
        return response;
    }

    /// <summary>A day of each clause, and once a week what came late.</summary>
    private static double PerDay(IReadOnlyList<AskedClause> asked, CollectorOptions options)
    {
        var day = new Days(DateOnly.FromDayNumber(1), DateOnly.FromDayNumber(1));
        var searches = Planner.Everything([.. asked.Select(clause => clause with { Days = day })], options).Count;
        return Math.Round(searches * (1 + LateArrivals.SearchesPerDay(options)), 2);
    }

    /// <summary>What a plan costs at least, and when every list is as long as a record says and every clause brings as much a day as it did.</summary>
    public static EstimatedUnits Units(ReadSpec read, Plan plan, History history)
    {
        // A search that joins a waiting one costs no first page of its own.
        var least = plan.Searches.Sum(search => search.Sample > 0 ? Samples.LeastDraws(search.Sample, VideoQueryRequest.LargestPage) : 1L) - plan.Joining.Count;
        var likely = plan.Searches.Sum(search => search switch
        {
            { Kind: SearchKind.List } => search.List.Endpoint.PagesOf(read.Items.GetValueOrDefault(search.List)),
            { Sample: > 0 } => Samples.LeastDraws(search.Sample, VideoQueryRequest.LargestPage),
            _ => history.Pages(search),
        }) - plan.Joining.Count;
        return new(least, Math.Max(least, likely));
    }

    /// <summary>Likely units for videos alone.</summary>
    public static long VideoUnits(Plan plan, History history) => plan.Searches.Where(search => search.Kind is SearchKind.Videos).Sum(history.Pages);

    /// <summary>None when it is read for others than those who typed it: the profile of an actor.</summary>
    private static IReadOnlyList<string> InputsOf(Search search, ILookup<string, string> inputsOf) =>
        [.. search.Clauses.SelectMany(each => inputsOf[each.Clause.ClauseId]).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<(AskedClause Asked, DateOnly Day, GapReason Reason)> Unripe(Plan plan, IReadOnlyList<AskedClause> asked)
    {
        var byId = asked.ToLookup(clause => clause.Clause.ClauseId, StringComparer.Ordinal);
        return from unripe in plan.Unripe
               from clause in byId[unripe.ClauseId]
               select (clause, unripe.Missing.Days.From, unripe.Missing.Reason);
    }
}
