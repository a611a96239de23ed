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

    /// <summary>A list with more items than this is no answer: a body of the largest size could hold millions of nothing.</summary>
    public const int LongestList = 10_000;

    public static readonly JsonReaderOptions Options = new() { MaxDepth = DeepestNesting, AllowTrailingCommas = true };

    /// <summary>Reads the one value of a body. It begins on that value's first token and must end on its last.</summary>
    /// <param name="json">The reader.</param>
    /// <param name="text">What it reads: the body without a byte order mark, or a copy of the same length.</param>
    public delegate T Reading<out T>(ref Utf8JsonReader json, ReadOnlySpan<byte> text);

    /// <summary>What the reading found, or null and the reason in a few words that hold nothing of the body.</summary>
    public static T? Read<T>(ReadOnlySpan<byte> body, Reading<T> read, out string? unreadable)
        where T : class
    {
        unreadable = null;
        if (TryRead(body, read) is { } found)
        {
            return found;
        }

        if (MendControlCharacters(body) is { } mended && TryRead(mended, read) is { } healed)
        {
            return healed;
        }

        unreadable = Explain(body);
        return null;
    }

    private static T? TryRead<T>(ReadOnlySpan<byte> body, Reading<T> read)
        where T : class
    {
        var skipped = body.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var json = new Utf8JsonReader(body[skipped..], Options);
        try
        {
            if (!json.Read())
            {
                return null;
            }

            var found = read(ref json, body[skipped..]);
            return json.Read() ? null : found;
        }
        catch (JsonException)
        {
            return null;
        }
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
        var text = body.TrimStart(" \t\r\n\uFEFF"u8);
        if (text.IsEmpty)
        {
            return "empty body";
        }

        if (text[0] == (byte)'<')
        {
            return "HTML, not JSON";
        }

        var reader = new Utf8JsonReader(body.StartsWith(Encoding.UTF8.Preamble) ? body[Encoding.UTF8.Preamble.Length..] : body, isFinalBlock: false, new JsonReaderState(Options));
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
