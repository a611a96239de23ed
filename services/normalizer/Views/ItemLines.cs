using System.Buffers;
using IssueObservatory.Mesh.Ucr;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Writes records and documents as lines, as one reader may see them.</summary>
internal sealed class ItemLines(RecordPresenter.Answer presenter, IBufferWriter<byte> output) : IDisposable
{
    private readonly RecordNdjson records = new(output);
    private readonly DocumentNdjson documents = new(output);

    public void Write(ViewedItem item)
    {
        if (item.Stored.Type.IsRecord())
        {
            records.Write(presenter.Of(item));
        }
        else
        {
            documents.Write(presenter.DocumentOf(item));
        }
    }

    public void Dispose()
    {
        records.Dispose();
        documents.Dispose();
    }
}
