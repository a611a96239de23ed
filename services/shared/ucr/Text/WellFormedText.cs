using System.Buffers;
using System.Text;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>Text that every store and every reader of UTF-8 takes: no NUL (PostgreSQL refuses it), no half of a surrogate pair.</summary>
public static class WellFormedText
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create([.. Enumerable.Range(0xD800, 0x800).Select(code => (char)code), '\0']);

    /// <summary>Drops NULs and puts U+FFFD in the place of lone surrogates; everything else stays as it is.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAny(Suspects))
        {
            return text;
        }

        var builder = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes yields U+FFFD for a lone surrogate.
            if (rune.Value != 0)
            {
                builder.Append(rune.ToString());
            }
        }

        return builder.ToString();
    }
}
