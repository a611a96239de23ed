using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Turns what is asked and not covered into searches. Hashtags (and ids) that differ in one atom share a search, because the answer
/// says which of them matched; everything else runs alone.
/// </summary>
internal static class Planner
{
    /// <summary>Context of a plan: whose, how urgent, from which call, and since when its collection asks.</summary>
    public sealed record Asker(string LabId, Priority Priority, string TraceParent, DateTimeOffset Now, Func<string> NewId)
    {
        /// <summary>A list that was good enough then, or was read since, is not read again for it.</summary>
        public DateTimeOffset Since { get; init; } = Now;

        /// <summary>Requests of a day, which bound the probes; 0 when nobody could say.</summary>
        public long DailyRequests { get; init; }
    }

    public static Plan Decide(IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, PlanningState state, Asker asker, CollectorOptions options)
    {
        List<SearchClause> needed = [];
        HashSet<(string ClauseId, DateOnly Day)> taken = [];
        List<string> joined = [];
        List<(string, MissingDays)> unripe = [];
        List<(string, DarkDays)> dark = [];
        List<SearchClause> probing = [];
        var probes = new DueProbes(state.Blackouts, asker.Now, options, asker.DailyRequests);
        List<(AskedClause, CoveredDay)> gaps = [];
        var covered = 0L;
        foreach (var clause in asked.Where(clause => !clause.IsList))
        {
            var known = state.Coverage.GetValueOrDefault(clause.Clause.ClauseId, []).Where(day => clause.Days.Contains(day.Day)).ToDictionary(day => day.Day);
            var open = state.OpenSearches.GetValueOrDefault(clause.Clause.ClauseId, []);
            joined.AddRange(open.Where(search => search.Days.Intersect(clause.Days) is not null).Select(search => search.SearchId));
            var blackouts = state.Blackouts.GetValueOrDefault(clause.Clause.Class, ClassBlackouts.Nothing);
            List<DateOnly> missing = [];
            foreach (var day in clause.Days.Each())
            {
                var fact = known.GetValueOrDefault(day);
                if (fact?.State is CoverageState.Complete)
                {
                    covered++;
                }
                else if (open.Any(search => search.Days.Contains(day)))
                {
                    // Somebody is at it.
                }
                else if (RipeAt(day, options) is var ripe && ripe > asker.Now)
                {
                    unripe.Add((clause.Clause.ClauseId, new(new(day, day), GapReason.NotYetIndexed, "", ripe)));
                }
                else if (blackouts.IsDark(day))
                {
                    if (!clause.Clause.IsRandom && probes.Take(clause.Clause.Class, day))
                    {
                        probing.Add(new(clause.Clause, new(day, day)));
                        continue;
                    }

                    var stays = DarkDays.Of(blackouts.At(day)!);
                    dark.Add((clause.Clause.ClauseId, stays));
                    gaps.Add((clause, new() { Day = day, State = CoverageState.Gap, Reason = stays.Missing.Reason, LogId = stays.LogId }));
                }
                else if (fact is { State: CoverageState.Gap } && fact.RetryAt > asker.Now)
                {
                    gaps.Add((clause, fact));
                }
                else if (taken.Add((clause.Clause.ClauseId, day)))
                {
                    missing.Add(day);
                }
            }

            needed.AddRange(Windows(missing, clause.Days, options).Select(window => new SearchClause(clause.Clause, window)));
        }

        var searches = needed
            .GroupBy(MergeKey, StringComparer.Ordinal)
            .SelectMany(group => Merge([.. group], options))
            .OrderBy(clauses => Window(clauses).From)
            .Select(clauses => New(SearchKind.Videos, clauses[0].Clause.Class, Window(clauses), asker) with { Clauses = clauses });
        var due = lists.Distinct().ToLookup(list => IsDue(list, state.Lists.GetValueOrDefault(list), asker, options));
        joined.AddRange(due[false].Select(list => state.Lists[list].OpenSearch).Where(search => search.Length > 0));
        return new()
        {
            Searches =
            [
                .. due[true].Select(list => Read(list, asker)),
                .. searches,
                .. probing.Select(probe => New(SearchKind.Videos, probe.Clause.Class, probe.Days, asker) with { Clauses = [probe], IsProbe = true }),
            ],
            Joined = [.. joined.Distinct(StringComparer.Ordinal)],
            Unripe = unripe,
            Dark = dark,
            CoveredClauseDays = covered,
            KnownGaps = gaps,
        };
    }

    /// <summary>Everything that the clauses would need if nothing were known and every day could be read.</summary>
    public static IReadOnlyList<Search> Everything(IReadOnlyList<AskedClause> asked, CollectorOptions options) =>
        Decide(asked, [], PlanningState.Nothing, new("", Priority.Interactive, "", DateTimeOffset.MaxValue.AddYears(-1), () => ""), options).Searches;

    /// <summary>When a day's videos can all be found.</summary>
    public static DateTimeOffset RipeAt(DateOnly day, CollectorOptions options) =>
        new(day.AddDays(options.IndexLagDays).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

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

    /// <summary>Windows lie on the grid of the asked range, so that clauses that ask for the same days can share searches.</summary>
    private static IEnumerable<Days> Windows(IReadOnlyList<DateOnly> missing, Days asked, CollectorOptions options) =>
        from window in asked.Windows(options.WindowDays)
        from stretch in Days.Stretches(missing.Where(window.Contains))
        select stretch;

    private static string MergeKey(SearchClause each) => each.Clause switch
    {
        { Class: ClauseClass.Hashtag, Hashtags.Count: 1 } tag => Key("hashtag", tag, [.. tag.Keywords, $"{each.Days.From:O}{each.Days.To:O}"]),
        { Class: ClauseClass.Id } id => Key("id", id, []),
        _ => $"{each.Clause.ClauseId} {each.Days.From:O}",
    };

    private static string Key(string kind, Clause clause, IEnumerable<string> rest) =>
        string.Join('\u001f', [kind, .. rest, clause.IsRandom ? "random" : "all", "regions", .. clause.RegionCodes, "fields", .. clause.Fields]);

    private static IEnumerable<IReadOnlyList<SearchClause>> Merge(IReadOnlyList<SearchClause> same, CollectorOptions options)
    {
        List<SearchClause> current = [];
        foreach (var each in same.OrderBy(clause => clause.Days.From).ThenBy(clause => clause.Clause.ClauseId, StringComparer.Ordinal))
        {
            var most = each.Clause.Class is ClauseClass.Id ? options.MaxIds : options.MaxMergedClauses;
            if (current.Count > 0 && (current.Count >= most || Window(current).Union(each.Days).Count > options.WindowDays))
            {
                yield return current;
                current = [];
            }

            current.Add(each);
        }

        if (current.Count > 0)
        {
            yield return current;
        }
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
