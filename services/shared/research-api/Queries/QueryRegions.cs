namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Which regions a query looks into, as far as its conditions on region_code say. Pure; for a query that is valid.</summary>
public sealed record QueryRegions
{
    private const int Shown = 4;

    private QueryRegions()
    {
    }

    /// <summary>Sorted; null when it looks everywhere, but for what it excludes.</summary>
    public IReadOnlyList<string>? Codes { get; private init; }

    /// <summary>Where it looks everywhere else; sorted.</summary>
    public IReadOnlyList<string> Excluded { get; private init; } = [];

    /// <summary>Why no region is left, so that TikTok would find nothing for certain; null when one is.</summary>
    public Violation? Contradiction { get; private init; }

    public static QueryRegions Of(VideoQuery query)
    {
        SortedSet<string>? left = null;
        foreach (var (path, codes) in Limits(query))
        {
            var before = left;
            left = new(before is null ? codes : before.Intersect(codes, StringComparer.Ordinal), StringComparer.Ordinal);
            if (left.Count == 0)
            {
                return Contradicts(path, $"asks for {Text(codes)} where the conditions before it leave only {Text(before!)}; allowed are conditions with a region in common, or one IN with all regions");
            }
        }

        string[] excluded = [.. query.Not.Where(IsOnRegion).SelectMany(condition => condition.Values).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (left is not null && left.IsSubsetOf(excluded))
        {
            return Contradicts("query.not", $"excludes every region that is asked for: {Text(left)}; allowed is to leave one of them");
        }

        return left is null ? new() { Excluded = excluded } : new() { Codes = [.. left.Except(excluded, StringComparer.Ordinal)] };
    }

    /// <summary>For people, e.g. <c>DK, SE</c> or <c>all regions but DK</c>; the first few of many.</summary>
    public override string ToString() => this switch
    {
        { Codes: { } codes } => Few(codes),
        { Excluded.Count: > 0 } => $"all regions but {Few(Excluded)}",
        _ => "all regions",
    };

    /// <summary>Each condition of <c>and</c>; those of <c>or</c> together, when they are about nothing else.</summary>
    private static IEnumerable<(string Path, IReadOnlyList<string> Codes)> Limits(VideoQuery query)
    {
        for (var i = 0; i < query.And.Count; i++)
        {
            if (IsOnRegion(query.And[i]))
            {
                yield return ($"query.and[{i}]", query.And[i].Values);
            }
        }

        if (query.Or.Count > 0 && query.Or.All(IsOnRegion))
        {
            yield return ("query.or", [.. query.Or.SelectMany(condition => condition.Values)]);
        }
    }

    private static bool IsOnRegion(Condition condition) => condition.Field is ConditionField.RegionCode;

    private static QueryRegions Contradicts(string path, string message) => new() { Contradiction = new(path, message) };

    private static string Few(IReadOnlyList<string> codes) => Text(codes.Take(Shown)) + (codes.Count > Shown ? ", …" : "");

    private static string Text(IEnumerable<string> codes) => string.Join(", ", codes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
}
