using System.Buffers;
using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Ucr;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Cuts an export into chunks of whole lines.</summary>
internal static class ExportChunks
{
    /// <summary>No chunk is larger, except for a single line that is.</summary>
    public const int LargestChunk = 256 * 1024;

    /// <summary>The records' lines; a chunk is valid until the next is asked for.</summary>
    public static async IAsyncEnumerable<(ReadOnlyMemory<byte> Lines, int Records)> Of(
        IAsyncEnumerable<IReadOnlyList<ViewedVideo>> batches, RecordPresenter.Answer presenter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var chunk = new ArrayBufferWriter<byte>(LargestChunk);
        var line = new ArrayBufferWriter<byte>();
        using var ndjson = new RecordNdjson(line);
        var records = 0;
        await foreach (var batch in batches.WithCancellation(cancellationToken))
        {
            foreach (var video in batch)
            {
                line.ResetWrittenCount();
                ndjson.Write(presenter.Of(video));
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
