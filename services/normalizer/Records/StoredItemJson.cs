using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The stored form of a thing. Equal things give equal text.</summary>
internal static class StoredItemJson
{
    private static readonly JsonSerializerOptions Options = new(StoredItemContext.Default.Options)
    {
        TypeInfoResolver = StoredItemContext.Default,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonTypeInfo<StoredRecord> Record = Info<StoredRecord>();
    private static readonly JsonTypeInfo<StoredDocument> Document = Info<StoredDocument>();
    private static readonly JsonTypeInfo<JsonObject> Fields = Info<JsonObject>();

    public static string Write(StoredItem item) => item is StoredDocument document ? JsonSerializer.Serialize(document, Document) : JsonSerializer.Serialize((StoredRecord)item, Record);

    public static StoredItem Read(StoredType type, string document) => type.IsRecord()
        ? JsonSerializer.Deserialize(document, Record)! with { Type = type }
        : JsonSerializer.Deserialize(document, Document)! with { Type = type };

    public static string Write(JsonObject fields) => JsonSerializer.Serialize(fields, Fields);

    public static JsonObject ReadFields(string fields) => JsonSerializer.Deserialize(fields, Fields)!;

    private static JsonTypeInfo<T> Info<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredRecord))]
[JsonSerializable(typeof(StoredDocument))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class StoredItemContext : JsonSerializerContext;
