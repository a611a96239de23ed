using System.Globalization;
using System.Text;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>User names within text. A mention is <c>@</c> and the name that follows it, wherever it stands: also after a letter, as TikTok shows it.</summary>
public static class Mentions
{
    /// <summary>Puts <paramref name="replacement"/> of each mentioned name in its place; the <c>@</c> stays.</summary>
    public static string Replace(string text, Func<string, string> replacement)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(replacement);
        var at = text.AsSpan().IndexOfAny('@', '\uFF20');
        if (at < 0)
        {
            return text;
        }

        var builder = new StringBuilder(text.Length + 16);
        var rest = 0;
        while (at >= 0)
        {
            var end = EndOfName(text, at + 1);
            builder.Append(text, rest, at + 1 - rest);
            if (end > at + 1)
            {
                builder.Append(replacement(text[(at + 1)..end]));
            }

            rest = end;
            var next = text.AsSpan(rest).IndexOfAny('@', '\uFF20');
            at = next < 0 ? -1 : rest + next;
        }

        return builder.Append(text, rest, text.Length - rest).ToString();
    }

    /// <summary>Letters, digits, marks, underscores and full stops; a full stop at the end belongs to the sentence.</summary>
    private static int EndOfName(string text, int start)
    {
        var end = start;
        for (var at = start; at < text.Length;)
        {
            _ = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            if (rune.Value != '.' && !IsOfName(rune))
            {
                break;
            }

            at += length;
            end = rune.Value == '.' ? end : at;
        }

        return end;
    }

    private static bool IsOfName(Rune rune) => rune.Value == '_' || Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
