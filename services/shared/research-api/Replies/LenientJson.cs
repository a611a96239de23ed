using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>
/// Reads JSON that is nearly right. Nothing here throws on any bytes: broken text is repaired sign by sign, numbers may be text and text numbers,
/// what cannot be read is null.
/// </summary>
internal static class LenientJson
{
    /// <summary>Deeper nesting than this is refused. The parser does not recurse, so this bounds memory, not the stack.</summary>
    public const int DeepestNesting = 20_000;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DeepestNesting, AllowTrailingCommas = true };

    /// <summary>The document, or null and the reason in a few words that hold nothing of the body.</summary>
    public static LenientDocument? Parse(ReadOnlyMemory<byte> body, out string? unreadable)
    {
        var skipped = body.Span.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var json = body[skipped..];
        unreadable = null;
        if (TryParse(json, skipped) is { } document)
        {
            return document;
        }

        if (MendControlCharacters(json.Span) is { } mended && TryParse(mended, skipped) is { } healed)
        {
            return healed;
        }

        unreadable = Explain(json.Span);
        return null;
    }

    /// <summary>The last property of that name; null when there is none, or when it is null.</summary>
    public static JsonElement? Get(JsonElement element, string name)
    {
        JsonElement? found = null;
        if (element.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (IsNamed(property, name))
                {
                    found = property.Value;
                }
            }
        }

        return found is { ValueKind: JsonValueKind.Null } ? null : found;
    }

    public static bool Has(JsonElement element, string name) => Get(element, name) is not null;

    public static string NameOf(JsonProperty property) => Decode(JsonMarshal.GetRawUtf8PropertyName(property));

    /// <summary>Text as it was meant: NULs stripped, half surrogate pairs and invalid UTF-8 replaced by U+FFFD. Numbers and booleans give their JSON text.</summary>
    public static string? Text(JsonElement? element) => element?.ValueKind switch
    {
        JsonValueKind.String => Decode(Inner(element.Value)),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element.Value)),
        _ => null,
    };

    /// <summary>A whole number, also as text or as <c>12.0</c>; null when it is none or does not fit.</summary>
    public static long? Whole(JsonElement? element)
    {
        if (element is not { ValueKind: JsonValueKind.Number or JsonValueKind.String } || Text(element)?.Trim() is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && decimal.Truncate(exact) == exact && exact is >= long.MinValue and <= long.MaxValue
                ? (long)exact
                : null;
    }

    /// <summary>A finite number, also as text.</summary>
    public static double? Real(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Number or JsonValueKind.String }
        && double.TryParse(Text(element), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && !double.IsNaN(number)
            ? number
            : null;

    /// <summary>True or false, also as text or as 1 and 0.</summary>
    public static bool? Truth(JsonElement? element) => Text(element)?.Trim().ToUpperInvariant() switch
    {
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        _ => null,
    };

    /// <summary>An id as text, whether it came as a number or as text, and however large it is.</summary>
    public static string? Id(JsonElement? element)
    {
        if (element is not { ValueKind: JsonValueKind.Number or JsonValueKind.String } || Text(element)?.Trim() is not { Length: > 0 and <= 64 } text)
        {
            return null;
        }

        if (text.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-') && text[0] is not '-')
        {
            return text;
        }

        return Whole(element) is { } whole and >= 0 ? whole.ToString(CultureInfo.InvariantCulture) : null;
    }

    /// <summary>A time in Unix seconds, or milliseconds when it is that large; null outside 2000 to 2200.</summary>
    public static DateTimeOffset? Time(JsonElement? element)
    {
        const long Earliest = 946_684_800, Latest = 7_258_118_400;
        var seconds = Whole(element);
        if (seconds > Latest)
        {
            seconds /= 1000;
        }

        return seconds is >= Earliest and <= Latest ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;
    }

    private static LenientDocument? TryParse(ReadOnlyMemory<byte> json, int skipped)
    {
        try
        {
            return new(JsonDocument.Parse(json, Options), json, skipped);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsNamed(JsonProperty property, string name)
    {
        var raw = JsonMarshal.GetRawUtf8PropertyName(property);
        return raw.Contains((byte)'\\')
            ? string.Equals(Decode(raw), name, StringComparison.Ordinal)
            : raw.Length == name.Length && Ascii.Equals(raw, name);
    }

    private static ReadOnlySpan<byte> Inner(JsonElement text) => JsonMarshal.GetRawUtf8Value(text)[1..^1];

    private static string Decode(ReadOnlySpan<byte> raw)
    {
        var text = Encoding.UTF8.GetString(raw);
        return raw.Contains((byte)'\\') ? Unescape(text) : text.Replace("\0", "", StringComparison.Ordinal);
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            switch (text[i])
            {
                case 'b': plain.Append('\b'); break;
                case 'f': plain.Append('\f'); break;
                case 'n': plain.Append('\n'); break;
                case 'r': plain.Append('\r'); break;
                case 't': plain.Append('\t'); break;
                case 'u' when i + 4 < text.Length && ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                    plain.Append((char)code);
                    i += 4;
                    break;
                default: plain.Append(text[i]); break;
            }
        }

        // Runes show half surrogate pairs as U+FFFD.
        var whole = new StringBuilder(plain.Length);
        Span<char> signs = stackalloc char[2];
        foreach (var rune in plain.ToString().EnumerateRunes())
        {
            if (rune.Value != 0)
            {
                whole.Append(signs[..rune.EncodeToUtf16(signs)]);
            }
        }

        return whole.ToString();
    }

    /// <summary>Some producers write control characters bare inside text. Each becomes a space, so that positions stay.</summary>
    private static byte[]? MendControlCharacters(ReadOnlySpan<byte> body)
    {
        byte[]? mended = null;
        bool inText = false, escaped = false;
        for (var i = 0; i < body.Length; i++)
        {
            var sign = body[i];
            if (inText && sign < 0x20)
            {
                mended ??= body.ToArray();
                mended[i] = (byte)' ';
            }

            (inText, escaped) = sign switch
            {
                _ when escaped => (inText, false),
                (byte)'\\' when inText => (inText, true),
                (byte)'"' => (!inText, false),
                _ => (inText, false),
            };
        }

        return mended;
    }

    private static string Explain(ReadOnlySpan<byte> body)
    {
        var text = body.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            return "empty body";
        }

        if (text[0] == (byte)'<')
        {
            return "HTML, not JSON";
        }

        var reader = new Utf8JsonReader(body, isFinalBlock: false, new JsonReaderState(new() { MaxDepth = DeepestNesting, AllowTrailingCommas = true }));
        try
        {
            while (reader.Read())
            {
            }

            return "JSON that ends too early";
        }
        catch (JsonException broken)
        {
            return reader.CurrentDepth >= DeepestNesting - 1
                ? $"nested deeper than {DeepestNesting}"
                : $"not JSON (line {broken.LineNumber + 1}, position {broken.BytePositionInLine + 1})";
        }
    }
}
