using System.Runtime.InteropServices;
using System.Text.Json;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>A parsed body that knows where in the original bytes each of its elements lies.</summary>
/// <param name="document">The parser's view.</param>
/// <param name="parsed">What was parsed: the body without a byte order mark, or a copy of the same length.</param>
/// <param name="skipped">Bytes of the body before <paramref name="parsed"/>.</param>
internal sealed class LenientDocument(JsonDocument document, ReadOnlyMemory<byte> parsed, int skipped) : IDisposable
{
    public JsonElement Root => document.RootElement;

    public (int Offset, int Length) PlaceOf(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return parsed.Span.Overlaps(raw, out var offset)
            ? (skipped + offset, raw.Length)
            : throw new InvalidOperationException("The element is not of this document.");
    }

    public void Dispose() => document.Dispose();
}
