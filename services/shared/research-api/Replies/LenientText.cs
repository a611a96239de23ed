using System.Buffers;
using System.Globalization;
using System.Text;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>JSON text as it was meant: NULs stripped, half surrogate pairs and invalid UTF-8 replaced by U+FFFD.</summary>
internal static class LenientText
{
    private const int Small = 512;

    /// <param name="raw">What stands between the quotes.</param>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        // What stands there without a backslash has neither NULs nor surrogates: JSON forbids the first bare, UTF-8 the second.
        if (!raw.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(raw);
        }

        if (raw.Length <= Small)
        {
            return Decode(raw, stackalloc char[Small]);
        }

        var rented = ArrayPool<char>.Shared.Rent(raw.Length);
        var text = Decode(raw, rented);
        ArrayPool<char>.Shared.Return(rented);
        return text;
    }

    private static string Decode(ReadOnlySpan<byte> raw, Span<char> signs)
    {
        var length = 0;
        while (true)
        {
            var plain = raw.IndexOf((byte)'\\');
            length += Encoding.UTF8.GetChars(plain < 0 ? raw : raw[..plain], signs[length..]);
            if (plain < 0 || plain + 1 >= raw.Length)
            {
                return Whole(signs[..length]);
            }

            raw = raw[(plain + 1)..];
            if (raw[0] == (byte)'u' && raw.Length > 4 && ushort.TryParse(raw[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                signs[length++] = (char)code;
                raw = raw[5..];
                continue;
            }

            signs[length++] = raw[0] switch
            {
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                var other => (char)other,
            };
            raw = raw[1..];
        }
    }

    private static string Whole(Span<char> signs)
    {
        var kept = 0;
        for (var i = 0; i < signs.Length; i++)
        {
            var sign = signs[i];
            if (char.IsHighSurrogate(sign) && i + 1 < signs.Length && char.IsLowSurrogate(signs[i + 1]))
            {
                signs[kept++] = sign;
                signs[kept++] = signs[++i];
            }
            else if (sign != '\0')
            {
                signs[kept++] = char.IsSurrogate(sign) ? '\uFFFD' : sign;
            }
        }

        return new(signs[..kept]);
    }
}
