using System.Text;
using System.Text.Json;

namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>Reads off a request what scripts and the log want to know, whether or not the API would have it.</summary>
internal static class CallReader
{
    public static SandboxCall Read(WireCall wire, SandboxEndpoint endpoint, string? clientKey)
    {
        var call = new SandboxCall { Endpoint = endpoint, ClientKey = clientKey, Body = Encoding.UTF8.GetString(wire.Body.Span) };
        try
        {
            using var document = JsonDocument.Parse(wire.Body);
            return document.RootElement is not { ValueKind: JsonValueKind.Object } root ? call : call with
            {
                StartDate = Text(root, "start_date"),
                EndDate = Text(root, "end_date"),
                SearchId = Text(root, "search_id"),
                Cursor = Number(root, "cursor"),
                MaxCount = Number(root, "max_count"),
            };
        }
        catch (JsonException)
        {
            return call;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
