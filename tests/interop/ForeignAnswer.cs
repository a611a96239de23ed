using System.Text.Json;

namespace IssueObservatory.Mesh.Interop;

/// <summary>What a foreign client got.</summary>
/// <param name="Code">gRPC's name of the status, e.g. <c>INVALID_ARGUMENT</c>.</param>
/// <param name="Messages">The messages, as the client's own library shows them.</param>
/// <param name="Details">The rich error details, each with its <c>type</c>, e.g. <c>BadRequest</c>.</param>
internal sealed record ForeignAnswer(string Code, IReadOnlyList<JsonElement> Messages, IReadOnlyList<JsonElement> Details)
{
    /// <summary>The only message.</summary>
    public JsonElement Message => Messages.Single();

    /// <summary>The records of a stream, in their order.</summary>
    public IReadOnlyList<JsonElement> Records => [.. Messages.Select(message => message.Part("record")).OfType<JsonElement>().Select(change => change.Part("record")!.Value)];

    /// <summary>Their platform ids.</summary>
    public IReadOnlyList<string> Ids => [.. Records.Select(record => record.Word("platform_id"))];

    /// <summary>The cursor after the last record.</summary>
    public string LastCursor => Messages.Last(message => message.Part("record") is not null).Word("cursor");

    /// <summary>All messages of a stream that are of one kind: record, progress, gap or checkpoint.</summary>
    public IReadOnlyList<JsonElement> Events(string kind) => [.. Messages.Select(message => message.Part(kind)).OfType<JsonElement>()];

    /// <summary>The detail of a type; fails when there is none.</summary>
    public JsonElement Detail(string type) => Details.Single(detail => detail.Word("type") == type);
}

/// <summary>Reading JSON of several libraries: they write names in snake or in camel case, and leave out or null what is empty.</summary>
internal static class ForeignJson
{
    /// <summary>A member; null when it is left out or null.</summary>
    public static JsonElement? Part(this JsonElement json, string name)
    {
        foreach (var member in json.EnumerateObject())
        {
            if (Plain(member.Name) == Plain(name) && member.Value.ValueKind is not JsonValueKind.Null)
            {
                return member.Value;
            }
        }

        return null;
    }

    /// <summary>A member as text; empty when it is left out.</summary>
    public static string Word(this JsonElement json, string name) => json.Part(name)?.ToString() ?? "";

    /// <summary>A whole number, which libraries write as number or text and leave out when it is 0.</summary>
    public static long Number(this JsonElement json, string name) => json.Word(name) is { Length: > 0 } text ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>The members of a list; none when it is left out.</summary>
    public static IReadOnlyList<JsonElement> List(this JsonElement json, string name) => json.Part(name) is { } list ? [.. list.EnumerateArray()] : [];

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
}
