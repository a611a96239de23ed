using System.Runtime.CompilerServices;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The normalizer's streams over gRPC.</summary>
internal sealed class GrpcNormalizedRecords(Normalizer.NormalizerClient client) : INormalizedRecords
{
    public async IAsyncEnumerable<NormalizerStreamRecordsResponse> StreamAsync(string labId, RecordView view, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.StreamRecords(new() { View = view, AfterSequence = afterSequence }, GrpcLab.For(labId), cancellationToken: cancellationToken);
        await foreach (var change in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return change;
        }
    }

    public async IAsyncEnumerable<NormalizerExportRecordsResponse> ExportAsync(string labId, string caller, IReadOnlyList<RecordView> views, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.ExportRecords(new() { Views = { views }, Caller = caller }, GrpcLab.For(labId), cancellationToken: cancellationToken);
        await foreach (var part in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return part;
        }
    }

    public async IAsyncEnumerable<KeptItem> ListItemsAsync(string labId, IReadOnlyList<RecordView> views, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = client.ListItems(new() { Views = { views } }, GrpcLab.For(labId), cancellationToken: cancellationToken);
        await foreach (var item in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return item.Item;
        }
    }
}
