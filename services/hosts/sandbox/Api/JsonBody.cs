using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Sandbox.World;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Bodies as the API sends them: text unescaped, the keys of every object in another order each time.</summary>
internal static class JsonBody
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Plain);

    /// <summary>An object of these members in an order of chance; null values are left out.</summary>
    public static JsonObject Shuffled(SeededRandom random, IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        KeyValuePair<string, JsonNode?>[] present = [.. members.Where(member => member.Value is not null)];
        random.Shuffle<KeyValuePair<string, JsonNode?>>(present);
        return new(present);
    }
}
