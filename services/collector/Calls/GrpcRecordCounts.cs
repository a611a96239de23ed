using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The normalizer over gRPC.</summary>
internal sealed class GrpcRecordCounts(Normalizer.NormalizerClient client) : IRecordCounts
{
    public async Task<CountRecordsResponse> CountAsync(string labId, RecordView view, CancellationToken cancellationToken) =>
        await client.CountRecordsAsync(new CountRecordsRequest { View = view }, GrpcLab.For(labId), cancellationToken: cancellationToken);
}
