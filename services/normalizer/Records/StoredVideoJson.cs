using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>The stored form of a video. Equal videos give equal text.</summary>
internal static class StoredVideoJson
{
    private static readonly JsonTypeInfo<StoredVideo> Video = (JsonTypeInfo<StoredVideo>)new JsonSerializerOptions(StoredVideoContext.Default.Options)
    {
        TypeInfoResolver = StoredVideoContext.Default,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    }.GetTypeInfo(typeof(StoredVideo));

    public static string Write(StoredVideo video) => JsonSerializer.Serialize(video, Video);

    public static StoredVideo Read(string document) => JsonSerializer.Deserialize(document, Video)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredVideo))]
internal sealed partial class StoredVideoContext : JsonSerializerContext;
