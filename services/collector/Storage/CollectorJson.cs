using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>How the collector's own records are kept as JSON; clauses as protobuf's JSON.</summary>
internal static class CollectorJson
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new ClauseConverter() } };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;

    private sealed class ClauseConverter : JsonConverter<Clause>
    {
        public override Clause Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return JsonParser.Default.Parse<Clause>(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, Clause value, JsonSerializerOptions options) =>
            writer.WriteRawValue(JsonFormatter.Default.Format(value));
    }
}
