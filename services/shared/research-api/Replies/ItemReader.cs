using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Reads an item's own bytes, e.g. <see cref="PageItem.Bytes"/> or <see cref="PageFacts.Data"/>. It never throws.</summary>
public static class ItemReader
{
    public static bool TryRead<T>(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out T? item, [NotNullWhen(false)] out ReadError? error)
        where T : class, IResearchItem<T>
    {
        var found = LenientJson.Read(bytes.Span, Read<T>, out _);
        item = found?.Item;
        error = item is null ? found?.Error ?? ReadError.NotJson : null;
        return item is not null;
    }

    private static Found<T> Read<T>(ref Utf8JsonReader json, ReadOnlySpan<byte> text)
        where T : class, IResearchItem<T>
    {
        if (json.TokenType is not JsonTokenType.StartObject)
        {
            json.Skip();
            return new(null, ReadError.NotAnObject);
        }

        var fields = new LenientFields(text, T.Names);
        fields.Scan(ref json);
        return new(T.Of(ref fields), ReadError.NoId);
    }

    private sealed record Found<T>(T? Item, ReadError Error);
}
