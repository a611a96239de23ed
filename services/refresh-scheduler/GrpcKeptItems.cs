using System.Runtime.CompilerServices;
using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using CollectorClient = IssueObservatory.Mesh.V1.Collector.CollectorClient;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>The collector knows which collections hold what.</summary>
internal sealed class GrpcKeptItems(CollectorClient collector) : IKeptItems
{
    public async IAsyncEnumerable<KeptItem> ListAsync(string labId, string collectionId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = collector.ListKeptItems(new() { CollectionId = collectionId }, GrpcLab.For(labId), cancellationToken: cancellationToken);
        await foreach (var item in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return item.Item;
        }
    }
}
