using System.Text.Encodings.Web;
using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Writes a query as the API reads it. The same query always gives the same bytes: fixed key order, no white space, empty lists left out.</summary>
public static class VideoQueryWriter
{
    // The body is read by TikTok only, never by a browser: letters stay letters.
    internal static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The <c>query</c> object alone, as UTF-8.</summary>
    public static byte[] Write(VideoQuery query)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(writer, query);
        }

        return buffer.ToArray();
    }

    internal static void Write(Utf8JsonWriter writer, VideoQuery query)
    {
        writer.WriteStartObject();
        WriteList(writer, "and", query.And);
        WriteList(writer, "or", query.Or);
        WriteList(writer, "not", query.Not);
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, string name, IReadOnlyList<Condition> conditions)
    {
        if (conditions.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var condition in conditions)
        {
            writer.WriteStartObject();
            writer.WriteString("operation", condition.Operation.ApiName());
            writer.WriteString("field_name", condition.Field.ApiName());
            writer.WriteStartArray("field_values");
            foreach (var value in condition.Values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
