using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// How a sample is drawn: each search draws its share, in proportion to the days that it asks for, so that no stretch of time stands for the others.
/// TikTok draws anew with each request and never comes to an end, so a search stops at its share.
/// </summary>
internal static class Samples
{
    /// <exception cref="MeshException">BAD_INPUT when there are more searches than videos to draw.</exception>
    public static void Check(ReadSpec read, CollectorOptions options)
    {
        var searches = read.Spec.Sample > 0 ? Planner.Everything(read.Asked, options).Count : 0;
        if (searches > read.Spec.Sample)
        {
            throw MeshException.BadInput("spec.sample", $"sample must be {searches} or more here: the terms and days need {searches} searches, and each draws at least one");
        }
    }

    /// <summary>The plan with the share of each search. Days that cannot be asked for now keep their share for later.</summary>
    public static Plan Share(Plan plan, IReadOnlyList<AskedClause> asked, long sample)
    {
        var searches = plan.Searches.Where(search => search.Kind is SearchKind.Videos).ToList();
        if (sample <= 0 || searches.Count == 0)
        {
            return plan;
        }

        // One for each, and the rest by days, rounded so that the shares add up.
        var days = searches.Sum(ClauseDays);
        var rest = Math.Max(0, (sample * days / asked.Sum(clause => (long)clause.Days.Count)) - searches.Count);
        var (before, shares) = (0L, new Dictionary<Search, int>(ReferenceEqualityComparer.Instance));
        foreach (var search in searches)
        {
            var after = before + ClauseDays(search);
            shares[search] = (int)Math.Min(int.MaxValue, 1 + (rest * after / days) - (rest * before / days));
            before = after;
        }

        return plan with { Searches = [.. plan.Searches.Select(search => shares.TryGetValue(search, out var share) ? search with { Sample = share } : search)] };
    }

    /// <summary>Requests that a share needs when each of them brings what it asks for.</summary>
    public static int LeastDraws(int share, int page) => (share + page - 1) / page;

    /// <summary>Part of a share for a search that takes over part of another.</summary>
    public static int Part(int share, int part, int whole) => share == 0 ? 0 : Math.Max(1, (int)((long)share * part / whole));

    private static long ClauseDays(Search search) => search.Clauses.Sum(clause => (long)clause.Days.Count);
}
