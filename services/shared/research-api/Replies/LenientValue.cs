using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>A value as it lies in a body. What is absent and what is null are the same.</summary>
internal readonly ref struct LenientValue
{
    /// <summary>A structure larger than this is not taken out of its page.</summary>
    private const int LargestStructure = 64 * 1024;

    private const int DeepestStructure = 32;

    private const int LongestId = 64;

    private static readonly SearchValues<byte> IdSigns = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8);

    private readonly ReadOnlySpan<byte> json;

    /// <param name="json">The value's own JSON, which a reader has found valid; empty for none.</param>
    public LenientValue(ReadOnlySpan<byte> json)
    {
        this.json = json;
    }

    public bool IsAbsent => json.IsEmpty || json[0] == (byte)'n';

    public bool IsObject => !json.IsEmpty && json[0] == (byte)'{';

    public bool IsList => !json.IsEmpty && json[0] == (byte)'[';

    public bool IsText => !json.IsEmpty && json[0] == (byte)'"';

    private bool IsNumber => !json.IsEmpty && (json[0] == (byte)'-' || char.IsAsciiDigit((char)json[0]));

    /// <summary>What a number looks like, whether it came as a number or as text.</summary>
    private ReadOnlySpan<byte> Bare => IsText ? json[1..^1] : json;

    /// <summary>Text. Numbers and booleans give their JSON text.</summary>
    public string? Text() =>
        IsText ? LenientText.Decode(json[1..^1])
        : IsAbsent || IsObject || IsList ? null
        : Encoding.ASCII.GetString(json);

    /// <summary>A whole number, also as text or as <c>12.0</c>; null when it is none or does not fit.</summary>
    public long? Whole()
    {
        if (!IsNumber && !IsText)
        {
            return null;
        }

        var bare = Bare;
        if (Utf8Parser.TryParse(bare, out long whole, out var read) && read == bare.Length)
        {
            return whole;
        }

        var text = Text()?.Trim();
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole))
        {
            return whole;
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            && decimal.Truncate(exact) == exact && exact is >= long.MinValue and <= long.MaxValue
                ? (long)exact
                : null;
    }

    /// <summary>A whole number that is not negative.</summary>
    public long? Count() => Whole() is { } count and >= 0 ? count : null;

    /// <summary>A number, also as text.</summary>
    public double? Real() =>
        (IsNumber || IsText)
        && double.TryParse(Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && !double.IsNaN(number)
            ? number
            : null;

    /// <summary>True or false, also as text or as 1 and 0.</summary>
    public bool? Truth() =>
        json.SequenceEqual("true"u8) ? true
        : json.SequenceEqual("false"u8) ? false
        : Text()?.Trim().ToUpperInvariant() switch
        {
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => null,
        };

    /// <summary>An id as text, whether it came as a number or as text, and however large it is.</summary>
    public string? Id()
    {
        if (!IsNumber && !IsText)
        {
            return null;
        }

        var bare = Bare;
        if (bare.Length is > 0 and <= LongestId && !bare.ContainsAnyExcept(IdSigns) && bare[0] != (byte)'-')
        {
            return Encoding.ASCII.GetString(bare);
        }

        if (Text()?.Trim() is not { Length: > 0 and <= LongestId } text)
        {
            return null;
        }

        return text[0] is not '-' && text.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-') ? text
            : Whole() is { } whole and >= 0 ? whole.ToString(CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>A time in Unix seconds, or milliseconds when it is that large; null outside 2000 to 2200.</summary>
    public DateTimeOffset? Time()
    {
        const long Earliest = 946_684_800, Latest = 7_258_118_400;
        return Whole() switch
        {
            >= Earliest and <= Latest and var seconds => DateTimeOffset.FromUnixTimeSeconds(seconds),
            >= Earliest * 1000 and <= Latest * 1000 and var milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            _ => null,
        };
    }

    /// <summary>The texts of a list; what is neither text nor number in it is left out.</summary>
    public IReadOnlyList<string>? Texts() => IsList ? Each(item => item.Text()) : null;

    /// <summary>The ids of a list; what is none is left out.</summary>
    public IReadOnlyList<string>? Ids() => IsList ? Each(item => item.Id()) : null;

    /// <summary>The objects of a list. Documents say "struct" where peers see a list: one object counts as a list of one.</summary>
    public IReadOnlyList<T>? Objects<T>(NameTable names, Func<LenientFields, T> read)
        where T : class =>
        IsObject ? [read(Fields(names))]
        : IsList ? Each(item => item.IsObject ? read(item.Fields(names)) : null)
        : null;

    /// <summary>The fields of an object; none when this is something else.</summary>
    public LenientFields Fields(NameTable names)
    {
        if (!IsObject)
        {
            return new([], names);
        }

        var fields = new LenientFields(json, names);
        var reader = new Utf8JsonReader(json, LenientJson.Options);
        reader.Read();
        fields.Scan(ref reader);
        return fields;
    }

    /// <summary>A copy that outlives the page and that any reader can take: small, flat and valid.</summary>
    public JsonElement? Structure()
    {
        if (IsAbsent || json.Length > LargestStructure || !Utf8.IsValid(json))
        {
            return null;
        }

        try
        {
            var copy = JsonElement.Parse(json, new() { MaxDepth = DeepestStructure, AllowTrailingCommas = true });
            if (json.Contains((byte)'\\'))
            {
                // Written once: half surrogate pairs show here rather than at whoever stores the value.
                using var nowhere = new Utf8JsonWriter(Stream.Null);
                copy.WriteTo(nowhere);
            }

            return copy;
        }
        catch (Exception unfit) when (unfit is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private List<T>? Each<T>(Func<LenientValue, T?> read)
        where T : class
    {
        var found = new List<T>();
        var reader = new Utf8JsonReader(json, LenientJson.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (read(new(json[start..(int)reader.BytesConsumed])) is { } item)
            {
                if (found.Count == LenientJson.LongestList)
                {
                    return null;
                }

                found.Add(item);
            }
        }

        return found;
    }
}
