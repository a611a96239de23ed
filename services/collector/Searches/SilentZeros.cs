using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A search that reads again what brought nothing although the days around let expect videos.</summary>
/// <param name="Canary">A day beside its own that is known to have some, and is read with them; null when none lies near enough.</param>
internal sealed record ZeroCheck(DateOnly? Canary);

/// <summary>
/// Notices an answer that is empty and should not be: pure. What a search brought on other days says how much to expect; when chance hardly explains that
/// nothing came, one search more reads the same days, together with a day that is known to have videos where there is one. If that day answers, the zero is true.
/// If nothing comes at all, the API answers empty, and the days are complete in doubt. So a search costs one unit more at most.
/// </summary>
internal static class SilentZeros
{
    /// <summary>Days on each side of a search that tell what to expect of it.</summary>
    public const int Horizon = 90;

    /// <summary>Fewer days tell too little.</summary>
    private const int FewDays = 30;

    /// <summary>Videos that a re-read may bring beside those that it is for, so that it stays one page.</summary>
    private const int MostBeside = 60;

    /// <summary>Chance explains it once in ten thousand searches. The history is only a sample: a stricter bound would miss one in three of the cases where 15 videos were to be expected.</summary>
    private static readonly double Improbable = Math.Log(1e4);

    /// <summary>The search that reads again; null when there is nothing to wonder about, or when this was the re-read. No window is longer than <c>longest</c> days.</summary>
    public static Search? Reread(SearchRecord search, IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> known, DateTimeOffset now, int longest)
    {
        if (search is not { Search: { Kind: SearchKind.Videos, Class: not ClauseClass.Id, Sample: 0, IsProbe: false, Zero: null }, Brought.Items: 0, Covered: { } covered }
            || Expected(search.Search.Clauses, covered, known) < Improbable)
        {
            return null;
        }

        var again = search.Search.Within(covered);
        var canary = Canary(again, known, longest);
        return again with
        {
            SearchId = $"{search.Search.SearchId}z",
            CreatedAt = now,
            Window = canary is { } day ? covered.Union(new(day, day)) : covered,
            Zero = new(canary),
        };
    }

    /// <summary>Whether the re-read says that the API answers empty: nothing came, not even what is known.</summary>
    public static bool StaysSilent(SearchRecord search) => search is { Search.Zero: not null, Brought.Items: 0 };

    /// <summary>Videos that these days should bring.</summary>
    private static double Expected(IReadOnlyList<SearchClause> clauses, Days covered, IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> known)
    {
        var expected = 0.0;
        foreach (var clause in clauses)
        {
            var counted = Counted(clause.Clause, covered, known).ToList();
            expected += counted.Count >= FewDays && clause.Days.Intersect(covered) is { } days ? days.Count * PerDay([.. counted.Select(day => day.Videos!.Value)]) : 0;
        }

        return expected;
    }

    /// <summary>
    /// Videos that a day should bring, when they come by chance. When far more days are empty than chance would leave so, videos come in bursts, and the share
    /// of empty days tells more than the mean: a subject that was talked about for a week is no reason to wonder about the month after.
    /// </summary>
    private static double PerDay(IReadOnlyList<int> videos)
    {
        var mean = videos.Average();
        var empty = videos.Count(each => each == 0);
        var (byChance, spread) = (videos.Count * Math.Exp(-mean), Math.Sqrt(videos.Count * Math.Exp(-mean) * (1 - Math.Exp(-mean))));
        return empty > byChance + (3 * spread) ? Math.Log((double)videos.Count / empty) : mean;
    }

    /// <summary>The nearest day with videos that one window can hold together with the search, and that does not bring many more pages.</summary>
    private static DateOnly? Canary(Search search, IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> known, int longest)
    {
        var videos = search.Questions.SelectMany(clause => Counted(clause, search.Window, known)).GroupBy(day => day.Day).ToDictionary(day => day.Key, day => day.Sum(each => (long)each.Videos!.Value));
        var near =
            from day in videos
            where day.Value > 0
            let window = search.Window.Union(new(day.Key, day.Key))
            where window.Count <= longest && window.Each().Sum(each => videos.GetValueOrDefault(each)) <= MostBeside
            orderby window.Count, day.Key
            select (DateOnly?)day.Key;
        return near.FirstOrDefault();
    }

    private static IEnumerable<CoveredDay> Counted(Clause clause, Days beside, IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> known) =>
        known.GetValueOrDefault(clause.ClauseId, []).Where(day => day is { State: CoverageState.Complete, Videos: not null } && !beside.Contains(day.Day));
}
