using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Turns what is asked and not covered into searches. What may share one is merged (<see cref="Merger"/>); everything else runs alone.
/// </summary>
internal static class Planner
{
    /// <summary>Context of a plan: whose, how urgent, from which call, and since when its collection asks.</summary>
    public sealed record Asker(string LabId, Priority Priority, string TraceParent, DateTimeOffset Now, Func<string> NewId)
    {
        /// <summary>A list that was good enough then, or was read since, is not read again for it.</summary>
        public DateTimeOffset Since { get; init; } = Now;

        /// <summary>Whether days that were read early are read once more (<see cref="LateArrivals"/>).</summary>
        public bool ReadsLate { get; init; }

        /// <summary>Requests of a day, which bound the probes; 0 when nobody could say.</summary>
        public long DailyRequests { get; init; }
    }

    public static Plan Decide(IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, PlanningState state, Asker asker, CollectorOptions options)
    {
        var late = asker.ReadsLate ? LateArrivals.Due(asked, state.Coverage, asker.Now, options) : LateArrivals.None;
        var needs = new ClauseNeeds(state, asker, late, options);
        var merger = new Merger(state, options);
        var waiting = new WaitingSearches(state, asker, merger);
        List<NeededWindow> needed = [];
        foreach (var clause in asked.Where(clause => !clause.IsList))
        {
            var missing = needs.Take(clause);
            var key = merger.KeyOf(clause.Clause);
            needed.AddRange(Windows(clause, missing, waiting.Within(key, missing), merger.WindowDays(clause.Clause.Class)).Select(window => new NeededWindow(new(clause.Clause, window), key)));
        }

        List<Joining> joining = [];
        var searches = merger.Merge(needed, waiting)
            .OrderBy(merged => Window(merged.Clauses).From)
            .Select(merged => Make(merged, asker, joining))
            .ToList();
        var due = lists.Distinct().ToLookup(list => IsDue(list, state.Lists.GetValueOrDefault(list), asker, options));
        needs.Joined.AddRange(due[false].Select(list => state.Lists[list].OpenSearch).Where(search => search.Length > 0));
        return new()
        {
            Searches =
            [
                .. due[true].Select(list => Read(list, asker)),
                .. searches,
                .. needs.Probing.Select(probe => New(SearchKind.Videos, probe.Clause.Class, probe.Days, asker) with { Clauses = [probe], IsProbe = true }),
            ],
            Joined = [.. needs.Joined.Distinct(StringComparer.Ordinal).Except(joining.Select(each => each.Ends), StringComparer.Ordinal)],
            Joining = joining,
            Unripe = needs.Unripe,
            Dark = needs.Dark,
            CoveredClauseDays = needs.Covered,
            KnownGaps = needs.Gaps,
        };
    }

    /// <summary>Everything that the clauses would need if nothing were known and every day could be read.</summary>
    public static IReadOnlyList<Search> Everything(IReadOnlyList<AskedClause> asked, CollectorOptions options) =>
        Decide(asked, [], PlanningState.Nothing, new("", Priority.Interactive, "", DateTimeOffset.MaxValue.AddYears(-1), () => ""), options).Searches;

    /// <summary>When a day's videos can all be found: its last one, too, is past the index lag. D+3 with a lag of two days.</summary>
    public static DateTimeOffset RipeAt(DateOnly day, CollectorOptions options) =>
        new(day.AddDays(options.IndexLagDays + 1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>The last day that is ripe now.</summary>
    public static DateOnly LastRipe(DateTimeOffset now, CollectorOptions options) => Days.DayOf(now).AddDays(-options.IndexLagDays - 1);

    private static bool IsDue(ListKey list, ListFact? fact, Asker asker, CollectorOptions options) => fact switch
    {
        { OpenSearch.Length: > 0 } => false,
        null or { Last: null or { Result: ListResult.Failed } } => true,
        { Last: var last } => last.ReadAt.AddDays(list.Endpoint.CacheDays(options)) <= asker.Since,
    };

    /// <summary>What is made of its pages belongs to whoever asks for the list, although it may be read for somebody else.</summary>
    private static Search Read(ListKey list, Asker asker)
    {
        var today = new Days(Days.DayOf(asker.Now), Days.DayOf(asker.Now));
        return New(SearchKind.List, ClauseClass.List, today, asker) with { Endpoint = list.Endpoint, Subject = list.Subject, Clauses = [new(ListClauses.Of(list), today)] };
    }

    /// <summary>Windows of searches to be joined first; the others lie on the grid of the asked range, so that clauses that ask for the same days can share searches.</summary>
    private static IEnumerable<Days> Windows(AskedClause asked, IReadOnlyList<Days> missing, IReadOnlyList<Days> joined, int longest)
    {
        foreach (var window in joined)
        {
            yield return window;
        }

        foreach (var stretch in Days.Without(missing, joined))
        {
            for (var from = stretch.From; from <= stretch.To;)
            {
                var place = (from.DayNumber - asked.Days.From.DayNumber) / longest;
                var last = Math.Min(stretch.To.DayNumber, asked.Days.From.DayNumber + ((place + 1) * longest) - 1);
                yield return new(from, DateOnly.FromDayNumber(last));
                from = DateOnly.FromDayNumber(last + 1);
            }
        }
    }

    private static Search Make(MergedClauses merged, Asker asker, List<Joining> joining)
    {
        var search = New(SearchKind.Videos, merged.Clauses[0].Clause.Class, Window(merged.Clauses), asker) with { Clauses = merged.Clauses };
        if (merged.Joins is { } joined)
        {
            joining.Add(new(search.SearchId, joined.SearchId));
        }

        return search;
    }

    private static Days Window(IReadOnlyList<SearchClause> clauses) => clauses.Select(clause => clause.Days).Aggregate((one, other) => one.Union(other));

    private static Search New(SearchKind kind, ClauseClass clauseClass, Days window, Asker asker) => new()
    {
        LabId = asker.LabId,
        SearchId = asker.NewId(),
        Kind = kind,
        Class = clauseClass,
        Window = window,
        Priority = asker.Priority,
        CreatedAt = asker.Now,
        TraceParent = asker.TraceParent,
    };
}
