using System.Globalization;
using System.Text;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>
/// JSON strings as plain UTF-8. Escaped are only the quotation mark, the backslash, controls, and the separators U+0085, U+2028 and U+2029,
/// at which some readers of lines would break. The framework's encoders also escape emoji and whatever their Unicode tables do not know yet,
/// so their bytes change with the version.
/// </summary>
internal static class PlainJsonText
{
    /// <summary>Room that <see cref="Write"/> needs.</summary>
    public static int MaxBytes(string text) => checked((text.Length * 6) + 2);

    /// <summary>Writes the string with its quotation marks; returns the bytes written.</summary>
    public static int Write(string text, Span<byte> bytes)
    {
        var written = 0;
        bytes[written++] = (byte)'"';
        var plainFrom = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (!MustEscape(text[at]))
            {
                continue;
            }

            written += Encoding.UTF8.GetBytes(text.AsSpan(plainFrom, at - plainFrom), bytes[written..]);
            written += Escape(text[at], bytes[written..]);
            plainFrom = at + 1;
        }

        written += Encoding.UTF8.GetBytes(text.AsSpan(plainFrom), bytes[written..]);
        bytes[written++] = (byte)'"';
        return written;
    }

    private static bool MustEscape(char character) => character is < ' ' or '"' or '\\' or '\u007F' or '\u0085' or '\u2028' or '\u2029';

    private static int Escape(char character, Span<byte> bytes)
    {
        var letter = character switch
        {
            '"' => '"',
            '\\' => '\\',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => 'u',
        };
        bytes[0] = (byte)'\\';
        bytes[1] = (byte)letter;
        if (letter != 'u')
        {
            return 2;
        }

        ((int)character).TryFormat(bytes[2..], out _, "x4", CultureInfo.InvariantCulture);
        return 6;
    }
}
