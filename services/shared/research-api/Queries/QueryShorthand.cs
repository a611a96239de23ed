namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>The API's query for a search term as people type it: <c>#tag</c>, <c>word</c>, <c>'#tag word'</c>, <c>'"two words"'</c>.</summary>
public static class QueryShorthand
{
    /// <summary>
    /// The queries that a term stands for. There is one, unless several bare words may each be a hashtag or a keyword: the API's language is one level deep,
    /// so every mixture is a query of its own.
    /// </summary>
    /// <param name="term">As typed.</param>
    /// <param name="match">What a bare word stands for.</param>
    /// <param name="regions">Region codes in capitals, see <see cref="RegionParser"/>; none for everywhere.</param>
    public static Parsed<IReadOnlyList<VideoQuery>> Read(string term, MatchKind match = MatchKind.Keyword, params IReadOnlyList<string> regions)
    {
        var here = regions.Count == 0 ? new VideoQuery() : new VideoQuery().AllOf(Condition.OneOf(ConditionField.RegionCode, regions));
        return TermParser.Parse(term, match).To<IReadOnlyList<VideoQuery>>(parsed => parsed.Alternatives.Count > 1 && parsed.Alternatives.All(atoms => atoms.Count == 1)
            ? [here.AnyOf(parsed.Alternatives.Select(atoms => Of(atoms[0])))]
            : [.. parsed.Alternatives.Select(atoms => here.AllOf(atoms.Select(Of)))]);
    }

    private static Condition Of(TermAtom atom) => Condition.Eq(atom.Field, atom.Value);
}
