using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// What asked clauses still need. Only days of which something is known, or that cannot be asked for, are looked at one by one; the others stay ranges, so that
/// years of them cost no more than weeks.
/// </summary>
internal sealed class ClauseNeeds(PlanningState state, Planner.Asker asker, IReadOnlySet<(string ClauseId, DateOnly Day)> late, CollectorOptions options)
{
    private readonly Dictionary<string, List<Days>> taken = new(StringComparer.Ordinal);
    private readonly Dictionary<ClauseClass, IReadOnlyList<DateOnly>> dark = [];
    private readonly DueProbes probes = new(state.Blackouts, asker.Now, options, asker.DailyRequests);
    private readonly DateOnly lastRipe = Planner.LastRipe(asker.Now, options);

    /// <summary>Searches that somebody has asked for and that cover some of it.</summary>
    public List<string> Joined { get; } = [];

    /// <summary>Days too young to be read, by clause_id.</summary>
    public List<(string ClauseId, MissingDays Missing)> Unripe { get; } = [];

    /// <summary>Days that are known to be dark, by clause_id.</summary>
    public List<(string ClauseId, DarkDays Dark)> Dark { get; } = [];

    /// <summary>Dark days that are asked for all the same.</summary>
    public List<SearchClause> Probing { get; } = [];

    /// <summary>Days that stay a gap for now.</summary>
    public List<(AskedClause Asked, CoveredDay Gap)> Gaps { get; } = [];

    /// <summary>Clause-days that are known.</summary>
    public long Covered { get; private set; }

    /// <summary>Stretches of days that have to be read for this clause, in order; no day that was given to an equal clause before.</summary>
    public IReadOnlyList<Days> Take(AskedClause clause)
    {
        var id = clause.Clause.ClauseId;
        var open = state.OpenSearches.GetValueOrDefault(id, []);
        Joined.AddRange(open.Where(search => search.Days.Intersect(clause.Days) is not null).Select(search => search.SearchId));
        var known = state.Coverage.GetValueOrDefault(id, []).Where(day => clause.Days.Contains(day.Day)).ToDictionary(day => day.Day);
        var special = Special(clause, known.Keys);
        var missing = special.Where(day => IsMissing(clause, day, known.GetValueOrDefault(day), open)).ToList();
        var free = Days.Without([clause.Days], [.. Days.Stretches(special), .. open.Select(search => search.Days)]);
        var before = taken.GetValueOrDefault(id);
        var needed = Days.Without(Days.Joined([.. free, .. Days.Stretches(missing)]), before ?? []);
        if (before is null)
        {
            taken.Add(id, before = []);
        }

        before.AddRange(needed);
        return needed;
    }

    /// <summary>Days that are not like any other, in order.</summary>
    private IReadOnlyList<DateOnly> Special(AskedClause clause, IReadOnlyCollection<DateOnly> known)
    {
        var young = clause.Days.To > lastRipe ? new Days(clause.Days.From > lastRipe ? clause.Days.From : lastRipe.AddDays(1), clause.Days.To).Each() : [];
        var darkDays = DarkOf(clause.Clause.Class);
        return known.Count == 0 && darkDays.Count == 0 ? [.. young] : [.. known.Concat(darkDays.Where(clause.Days.Contains)).Concat(young).Distinct().Order()];
    }

    private IReadOnlyList<DateOnly> DarkOf(ClauseClass clauseClass)
    {
        if (!dark.TryGetValue(clauseClass, out var days))
        {
            dark.Add(clauseClass, days = [.. state.Blackouts.GetValueOrDefault(clauseClass, ClassBlackouts.Nothing).Days.Values.Where(day => day.IsDark).Select(day => day.Day)]);
        }

        return days;
    }

    private bool IsMissing(AskedClause asked, DateOnly day, CoveredDay? fact, IReadOnlyList<OpenSearchDays> open)
    {
        var clause = asked.Clause;
        if (fact?.State is CoverageState.Complete && !late.Contains((clause.ClauseId, day)) && !DayCoverage.IsDueAgain(fact, asker.Now))
        {
            Covered++;
            return false;
        }

        if (open.Any(search => search.Days.Contains(day)))
        {
            // Somebody is at it.
            return false;
        }

        if (day > lastRipe)
        {
            Unripe.Add((clause.ClauseId, new(new(day, day), GapReason.NotYetIndexed, "", Planner.RipeAt(day, options))));
            return false;
        }

        if (state.Blackouts.GetValueOrDefault(clause.Class, ClassBlackouts.Nothing).At(day) is { IsDark: true } known)
        {
            if (!clause.IsRandom && probes.Take(clause.Class, day))
            {
                Probing.Add(new(clause, new(day, day)));
                return false;
            }

            var stays = DarkDays.Of(known);
            Dark.Add((clause.ClauseId, stays));
            Gaps.Add((asked, new() { Day = day, State = CoverageState.Gap, Reason = stays.Missing.Reason, LogId = stays.LogId }));
            return false;
        }

        if (fact is { State: CoverageState.Gap } && fact.RetryAt > asker.Now)
        {
            Gaps.Add((asked, fact));
            return false;
        }

        return true;
    }
}
