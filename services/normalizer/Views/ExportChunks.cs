using System.Buffers;
using System.Runtime.CompilerServices;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Cuts an export into chunks of whole lines.</summary>
internal static class ExportChunks
{
    /// <summary>No chunk is larger, except for a single line that is.</summary>
    public const int LargestChunk = 256 * 1024;

    /// <summary>The lines of records or documents; a chunk is valid until the next is asked for.</summary>
    public static async IAsyncEnumerable<(ReadOnlyMemory<byte> Lines, int Records)> Of(
        IAsyncEnumerable<IReadOnlyList<ViewedItem>> batches, RecordPresenter.Answer presenter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunk = new ArrayBufferWriter<byte>(LargestChunk);
        var line = new ArrayBufferWriter<byte>();
        using var ndjson = new ItemLines(presenter, line);
        var records = 0;
        await foreach (var batch in batches.WithCancellation(cancellationToken))
        {
            foreach (var item in batch)
            {
                line.ResetWrittenCount();
                ndjson.Write(item);
                if (records > 0 && chunk.WrittenCount + line.WrittenCount > LargestChunk)
                {
                    yield return (chunk.WrittenMemory, records);
                    chunk.ResetWrittenCount();
                    records = 0;
                }

                chunk.Write(line.WrittenSpan);
                records++;
            }
        }

        if (records > 0)
        {
            yield return (chunk.WrittenMemory, records);
        }
    }
}
