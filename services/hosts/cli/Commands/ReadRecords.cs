using System.Text.Json;
using IssueObservatory.Mesh.Cli.Sessions;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Commands;

/// <summary>Records and documents as they are exported, line by line.</summary>
internal static class ReadRecords
{
    /// <summary>The first so many of a collection; reads no more than it needs.</summary>
    public static Task<List<JsonElement>> FirstAsync(MeshSession session, string collectionId, DocumentType type, int most, CancellationToken cancellationToken) =>
        session.AskAsync(
            async (mesh, stopping) =>
            {
                List<JsonElement> records = [];
                await ForEachAsync(mesh, collectionId, type, record => records.Add(record.Clone()), () => records.Count >= most, stopping);
                return records;
            },
            cancellationToken);

    /// <summary>Shows every record to <paramref name="visit"/> until <paramref name="enough"/>.</summary>
    public static async Task ForEachAsync(IMeshCalls mesh, string collectionId, DocumentType type, Action<JsonElement> visit, Func<bool> enough, CancellationToken cancellationToken)
    {
        using var call = mesh.Arena.ExportRecords(new() { CollectionId = collectionId, Type = type }, cancellationToken: cancellationToken);
        var pending = new MemoryStream();
        while (!enough() && await call.ResponseStream.MoveNext(cancellationToken))
        {
            if (call.ResponseStream.Current.PartCase is ExportRecordsResponse.PartOneofCase.Chunk)
            {
                pending.Write(call.ResponseStream.Current.Chunk.Span);
                pending = Visit(pending, visit, enough);
            }
        }
    }

    // Lines may be cut between chunks: what follows the last line's end waits for the next chunk.
    private static MemoryStream Visit(MemoryStream pending, Action<JsonElement> visit, Func<bool> enough)
    {
        var bytes = pending.ToArray().AsMemory();
        while (!enough() && bytes.Span.IndexOf((byte)'\n') is var end and >= 0)
        {
            using var line = JsonDocument.Parse(bytes[..end]);
            visit(line.RootElement);
            bytes = bytes[(end + 1)..];
        }

        var rest = new MemoryStream();
        rest.Write(bytes.Span);
        return rest;
    }
}
