using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>An object's fields, found in one pass over its bytes, and which of them were there but of no use.</summary>
internal ref struct LenientFields
{
    /// <summary>More unknown names than this are not worth naming.</summary>
    private const int MostUnknown = 100;

    private readonly ReadOnlySpan<byte> text;
    private readonly NameTable names;
    private Places places;
    private List<string>? unreadable;
    private List<string>? unknown;

    /// <param name="text">What the reader reads.</param>
    /// <param name="names">The fields that matter.</param>
    public LenientFields(ReadOnlySpan<byte> text, NameTable names)
    {
        this.text = text;
        this.names = names;
    }

    /// <summary>Fields that were there but could not be read, in the order in which they were asked for.</summary>
    public readonly IReadOnlyList<string> Unreadable => unreadable is null ? [] : unreadable;

    /// <summary>Names that are not in the table, sorted: TikTok's order is random.</summary>
    public readonly IReadOnlyList<string> Unknown => unknown is null ? [] : [.. unknown.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether the object had any field at all.</summary>
    public bool HasAny { get; private set; }

    /// <summary>The last field of that name.</summary>
    public readonly LenientValue this[ReadOnlySpan<byte> name] => this[names.Find(name)];

    /// <summary>The last field of the name with that number.</summary>
    public readonly LenientValue this[int field] => new(places[field].In(text));

    /// <summary>Reads the rest of the object that the reader has just entered.</summary>
    public void Scan(scoped ref Utf8JsonReader json)
    {
        while (Step(ref json, out var field))
        {
            Keep(ref json, field);
        }
    }

    /// <summary>Steps onto the value of the next field; false at the object's end.</summary>
    /// <param name="json">Inside the object.</param>
    /// <param name="field">The field's number in the table; -1 for an unknown one.</param>
    public bool Step(scoped ref Utf8JsonReader json, out int field)
    {
        field = -1;
        if (!json.Read() || json.TokenType is JsonTokenType.EndObject)
        {
            return false;
        }

        HasAny = true;
        field = names.Find(ref json);
        if (field < 0 && (unknown ??= []).Count < MostUnknown)
        {
            unknown.Add(LenientText.Decode(json.ValueSpan));
        }

        return json.Read();
    }

    /// <summary>Remembers where the value lies that the reader stands on, and steps over it.</summary>
    public void Keep(scoped ref Utf8JsonReader json, int field)
    {
        var start = (int)json.TokenStartIndex;
        json.Skip();
        if (field >= 0)
        {
            places[field] = new(start, (int)json.BytesConsumed - start);
        }
    }

    public string? Text(ReadOnlySpan<byte> name) => Noted(name, this[name].Text());

    public string? Id(ReadOnlySpan<byte> name) => Noted(name, this[name].Id());

    public long? Count(ReadOnlySpan<byte> name) => Noted(name, this[name].Count());

    public double? Real(ReadOnlySpan<byte> name) => Noted(name, this[name].Real());

    public bool? Truth(ReadOnlySpan<byte> name) => Noted(name, this[name].Truth());

    public DateTimeOffset? Time(ReadOnlySpan<byte> name) => Noted(name, this[name].Time());

    public IReadOnlyList<string>? Texts(ReadOnlySpan<byte> name) => Noted(name, this[name].Texts());

    public IReadOnlyList<string>? Ids(ReadOnlySpan<byte> name) => Noted(name, this[name].Ids());

    public JsonElement? Structure(ReadOnlySpan<byte> name) => Noted(name, this[name].Structure());

    public IReadOnlyList<T>? Objects<T>(ReadOnlySpan<byte> name, NameTable parts, Func<LenientFields, T> read)
        where T : class => Noted(name, this[name].Objects(parts, read));

    private T Noted<T>(ReadOnlySpan<byte> name, T read)
    {
        if (read is null && !this[name].IsAbsent)
        {
            (unreadable ??= []).Add(Encoding.ASCII.GetString(name));
        }

        return read;
    }

    private readonly record struct Place(int Start, int Length)
    {
        public ReadOnlySpan<byte> In(ReadOnlySpan<byte> text) => text.Slice(Start, Length);
    }

    [InlineArray(NameTable.Most)]
    private struct Places
    {
        private Place first;
    }
}
