using System.Buffers;
using System.Globalization;
using System.Text;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>
/// White space and lower case as Python's <c>str</c> has them, because the observatory's hashes were made by Python:
/// .NET knows neither the final sigma nor the two letters that İ becomes, and counts U+001C–U+001F as no space.
/// </summary>
public static class PythonText
{
    private const char Sigma = '\u03A3';
    private const char DottedI = '\u0130';
    private static readonly SearchValues<char> Special = SearchValues.Create([Sigma, DottedI]);

    /// <summary>What <c>str.isspace</c>, <c>str.strip</c> and <c>\s</c> take as white space.</summary>
    public static bool IsSpace(char character) => character switch
    {
        >= '\t' and <= '\r' or >= '\u001C' and <= ' ' or '\u0085' or '\u00A0' or '\u1680' => true,
        >= '\u2000' and <= '\u200A' or '\u2028' or '\u2029' or '\u202F' or '\u205F' or '\u3000' => true,
        _ => false,
    };

    /// <summary>Strips both ends and puts one space in the place of each run of white space.</summary>
    public static string Collapse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var builder = new StringBuilder(text.Length);
        var pending = false;
        foreach (var character in text)
        {
            if (IsSpace(character))
            {
                pending = builder.Length > 0;
                continue;
            }

            if (pending)
            {
                builder.Append(' ');
                pending = false;
            }

            builder.Append(character);
        }

        return builder.ToString();
    }

    /// <summary>Lower case as <c>str.lower</c>: Unicode's full mapping without any language.</summary>
    public static string Lower(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAny(Special))
        {
            return text.ToLowerInvariant();
        }

        var builder = new StringBuilder(text.Length + 4);
        var rest = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is not (Sigma or DottedI))
            {
                continue;
            }

            builder.Append(text[rest..at].ToLowerInvariant());
            builder.Append(text[at] == DottedI ? "i\u0307" : IsFinal(text, at) ? "\u03C2" : "\u03C3");
            rest = at + 1;
        }

        return builder.Append(text[rest..].ToLowerInvariant()).ToString();
    }

    /// <summary>Unicode's Final_Sigma: a letter with case before it and none after it, looking past marks and the like.</summary>
    private static bool IsFinal(string text, int sigma) =>
        IsCased(Neighbour(text.AsSpan(0, sigma), backwards: true)) && !IsCased(Neighbour(text.AsSpan(sigma + 1), backwards: false));

    private static Rune? Neighbour(ReadOnlySpan<char> text, bool backwards)
    {
        while (!text.IsEmpty)
        {
            Rune rune;
            int length;
            _ = backwards ? Rune.DecodeLastFromUtf16(text, out rune, out length) : Rune.DecodeFromUtf16(text, out rune, out length);
            if (!IsCaseIgnorable(rune))
            {
                return rune;
            }

            text = backwards ? text[..^length] : text[length..];
        }

        return null;
    }

    private static bool IsCaseIgnorable(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol => true,

        // Punctuation within words (Word_Break MidLetter, MidNumLet, Single_Quote).
        _ => rune.Value is '\'' or '.' or ':' or 0xB7 or 0x387 or 0x55F or 0x5F4 or 0x2018 or 0x2019 or 0x2024 or 0x2027
            or 0xFE13 or 0xFE52 or 0xFE55 or 0xFF07 or 0xFF0E or 0xFF1A,
    };

    private static bool IsCased(Rune? rune) => rune is { } letter && Rune.GetUnicodeCategory(letter) switch
    {
        UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => true,

        // Letters with case outside these categories: ordinal signs, Roman numerals, letters in circles and squares.
        _ => letter.Value is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
    };
}
