using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace IssueObservatory.Mesh.Cli.Output;

/// <summary>One object on one line.</summary>
internal static class JsonLine
{
    // Danish letters stay letters: this is read by people and programs, never put into a page.
    private static readonly MeshJson Context = new(new JsonSerializerOptions(MeshJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Writes the object as the last line.</summary>
    public static void Write<T>(TextWriter output, T value)
    {
        output.WriteLine(JsonSerializer.Serialize(value, (JsonTypeInfo<T>)Context.GetTypeInfo(typeof(T))!));
        output.Flush();
    }
}
