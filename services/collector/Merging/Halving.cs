using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Takes merged searches apart: pure.</summary>
internal static class Halving
{
    /// <summary>Two searches with half of the clauses each. They keep the place in the line, so that what becomes of them is known before others are sent.</summary>
    public static IReadOnlyList<Search> Halves(Search search)
    {
        var half = search.Clauses.Count / 2;
        return [Part(search, "a", [.. search.Clauses.Take(half)], search.SearchId), Part(search, "b", [.. search.Clauses.Skip(half)], search.SearchId)];
    }

    /// <summary>What a search that has not been sent yet has to become, because its size was refused or its keywords may not be merged any more; null: nothing.</summary>
    public static Step.Finished? Due(Search search, Checkpoint checkpoint, MergeKnowledge known, CollectorOptions options)
    {
        var count = search.Clauses.Count;
        var most = known.Most(search.Class, options);
        if (search.Kind is not SearchKind.Videos || !checkpoint.IsFirstPage || count < 2 || (known.MayMerge(search.Class) && (known.Refused == 0 || count < known.Refused)))
        {
            return null;
        }

        var parts = search.Clauses.Chunk(Math.Max(1, most)).Select((clauses, i) => Part(search, $"p{i}", clauses, halfOf: null));
        return new(Covered: null, Missing: null, [.. parts]);
    }

    private static Search Part(Search search, string suffix, IReadOnlyList<SearchClause> clauses, string? halfOf) => search with
    {
        SearchId = $"{search.SearchId}{suffix}",
        Restarts = 0,
        Clauses = clauses,
        Sample = Samples.Part(search.Sample, clauses.Count, search.Clauses.Count),
        HalfOf = halfOf,
        IsShortened = false,
    };
}
