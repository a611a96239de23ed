using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using CollectorClient = IssueObservatory.Mesh.V1.Collector.CollectorClient;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Hands batches to the collector.</summary>
internal sealed class GrpcRefreshes(CollectorClient collector) : IRefreshes
{
    public async Task HandOverAsync(string labId, OpenBatch batch, CancellationToken cancellationToken)
    {
        var request = new SubmitRefreshRequest
        {
            RefreshId = batch.RefreshId,
            VideoIds = { batch.Videos.Select(video => video.PlatformId) },
        };
        if (batch.Checks is CheckedItems.Unspecified)
        {
            request.Window = new() { From = Text(batch.From), To = Text(batch.To) };
        }
        else
        {
            (request.Compliance, request.Checks) = (true, batch.Checks);
        }

        await collector.SubmitRefreshAsync(request, GrpcLab.For(labId), cancellationToken: cancellationToken);
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
