using System.Buffers;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>Writes documents as NDJSON: one object a line, its own keys, then every field of its type, then what is withheld; absent values null.</summary>
public sealed class DocumentNdjson : IDisposable
{
    private readonly JsonLine line;

    /// <summary>Writes to <paramref name="output"/>.</summary>
    public DocumentNdjson(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        line = new(output);
    }

    /// <summary>Writes one line with its newline.</summary>
    public void Write(UniversalDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        line.Begin();
        line.Id("id", document.Id);
        line.Text("type", document.Type);
        line.Text("key", document.Key);
        line.Time("collected_at", document.CollectedAt);
        foreach (var (name, value) in document.Fields)
        {
            line.Any(name, value);
        }

        line.Texts("withheld", document.Withheld);
        line.End();
    }

    /// <inheritdoc/>
    public void Dispose() => line.Dispose();
}
