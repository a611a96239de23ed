using System.Globalization;
using System.Text;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// The shorthand for search terms: <c>#tag</c> is a hashtag, <c>word</c> a keyword, <c>#tag word</c> both at once, <c>"two words"</c> a phrase.
/// </summary>
public static class TermParser
{
    /// <summary>Most parts of one term.</summary>
    public const int MostAtoms = 10;

    /// <summary>Most bare words when each may be a hashtag or a keyword: every word doubles the alternatives.</summary>
    public const int MostEitherWords = 4;

    private const string Allowed = "write #tag, word, '#tag word' or '\"two words\"'";

    public static Parsed<SearchTerm> Parse(string argument, MatchKind match = MatchKind.Keyword)
    {
        var text = argument.Trim();
        if (text.Length == 0)
        {
            return Refused(argument, $"is empty; {Allowed}");
        }

        var length = text.EnumerateRunes().Count();
        if (length > VideoQueryValidator.LongestText)
        {
            return Refused(argument, $"has {length} characters; at most {VideoQueryValidator.LongestText} are allowed");
        }

        var parts = new List<TermAtom[]>();
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            if (ReadPart(ref rest, match, parts) is { } why)
            {
                return Refused(argument, why);
            }

            rest = rest.TrimStart();
        }

        if (parts.Count > MostAtoms)
        {
            return Refused(argument, $"has {parts.Count} parts; at most {MostAtoms} are allowed; quote a phrase: '\"two words\"'");
        }

        if (parts.Count(part => part.Length > 1) > MostEitherWords)
        {
            return Refused(argument, $"has more than {MostEitherWords} bare words, each of which may be a hashtag or a keyword; write # before hashtags and quote phrases");
        }

        IEnumerable<IReadOnlyList<TermAtom>> alternatives = [[]];
        alternatives = parts.Aggregate(alternatives, (all, part) => all.SelectMany(before => part.Select(IReadOnlyList<TermAtom> (atom) => [.. before, atom])));
        return Parsed<SearchTerm>.Of(new() { Text = text, Alternatives = [.. alternatives.Select(atoms => atoms.Distinct().ToArray())] });
    }

    /// <summary>Reads one part off the front; says why not when it cannot.</summary>
    private static string? ReadPart(ref ReadOnlySpan<char> rest, MatchKind match, List<TermAtom[]> parts)
    {
        var quoted = IsQuote(rest[0]);
        if (quoted)
        {
            rest = rest[1..];
        }

        var end = 0;
        while (end < rest.Length && !(quoted ? IsQuote(rest[end]) : char.IsWhiteSpace(rest[end])))
        {
            if (!quoted && IsQuote(rest[end]))
            {
                return $"has a quote inside a word; {Allowed}";
            }

            end++;
        }

        if (quoted && end == rest.Length)
        {
            return $"has a quote that is not closed; {Allowed}";
        }

        var part = rest[..end].Trim().ToString();
        rest = rest[Math.Min(rest.Length, end + 1)..];
        TermAtom[] atoms;
        if (quoted)
        {
            atoms = [new(ConditionField.Keyword, part)];
        }
        else if (part[0] == '#')
        {
            if (part.Length == 1)
            {
                return $"has a # alone; {Allowed}";
            }

            atoms = [Hashtag(part[1..])];
        }
        else
        {
            atoms = match switch
            {
                MatchKind.Hashtag => [Hashtag(part)],
                MatchKind.Both => [new(ConditionField.Keyword, part), Hashtag(part)],
                _ => [new(ConditionField.Keyword, part)],
            };
        }

        parts.Add(atoms);
        return part.Length == 0 ? $"has an empty phrase; {Allowed}"
            : !quoted && part.IndexOf('#', 1) > 0 ? $"has a # inside a word; put a space before it, or quote it; {Allowed}"
            : atoms.Select(atom => VideoQueryValidator.ExplainValue(atom.Field, atom.Value)).OfType<string>().FirstOrDefault();
    }

    private static TermAtom Hashtag(string name) => new(ConditionField.HashtagName, name.ToLower(CultureInfo.InvariantCulture));

    /// <summary>Word processors turn straight quotes into curly ones.</summary>
    private static bool IsQuote(char sign) => sign is '"' or '\u201C' or '\u201D' or '\u201E';

    private static Parsed<SearchTerm> Refused(string argument, string why) => Parsed<SearchTerm>.Refused($"TERM {InputText.Quote(argument)}", why);
}
