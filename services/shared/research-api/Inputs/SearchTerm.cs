namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What a bare word of a search term stands for.</summary>
public enum MatchKind
{
    /// <summary>A word in the description (the default).</summary>
    Keyword,

    /// <summary>A hashtag.</summary>
    Hashtag,

    /// <summary>Either.</summary>
    Both,
}

/// <summary>One part of a search term: a hashtag (without #, lower case) or a keyword (as typed).</summary>
public sealed record TermAtom(ConditionField Field, string Value)
{
    /// <summary>The kind only: terms stay out of logs.</summary>
    public override string ToString() => Field.ApiName();
}

/// <summary>One argument of <c>collect terms</c>: any of the alternatives, each of which is all of its atoms.</summary>
public sealed record SearchTerm
{
    /// <summary>As typed, without the white space around it; the # is kept.</summary>
    public required string Text { get; init; }

    /// <summary>ORed; each is a list of atoms that are ANDed. One alternative, unless a bare word may be either a hashtag or a keyword.</summary>
    public required IReadOnlyList<IReadOnlyList<TermAtom>> Alternatives { get; init; }

    public override string ToString() => string.Join(" or ", Alternatives.Select(atoms => string.Join('+', atoms)));
}
