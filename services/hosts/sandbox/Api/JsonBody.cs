using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Bodies as the API sends them: text unescaped, members that are null left out, the keys of every object in another order each time.</summary>
internal static class JsonBody
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonObject body, SeededRandom random)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            Write(writer, body, random);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, JsonNode node, SeededRandom random)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                KeyValuePair<string, JsonNode?>[] present = [.. members.Where(member => member.Value is not null)];
                random.Shuffle<KeyValuePair<string, JsonNode?>>(present);
                foreach (var (name, value) in present)
                {
                    writer.WritePropertyName(name);
                    Write(writer, value!, random);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item!, random);
                }

                writer.WriteEndArray();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
