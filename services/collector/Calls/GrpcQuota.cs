using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The quota-governor over gRPC.</summary>
internal sealed class GrpcQuota(QuotaGovernor.QuotaGovernorClient client, TimeProvider time) : IQuota
{
    /// <summary>Of a longer name the governor takes the begin.</summary>
    private const int LongestCaller = 64;

    public async Task<ReserveQuotaResponse> ReserveAsync(string account, OpenSearch open, QuotaBucket bucket, CancellationToken cancellationToken)
    {
        var request = new ReserveQuotaRequest
        {
            Account = account,
            Bucket = bucket,
            Priority = open.Search.Priority,
            RequestId = Guid.CreateVersion7(time.GetUtcNow()).ToString(),
            Caller = open.Caller.Length <= LongestCaller ? open.Caller : open.Caller[..LongestCaller],
            WantedSince = open.Search.CreatedAt.ToTimestamp(),
        };
        return await client.ReserveQuotaAsync(request, GrpcLab.For(open.Search.LabId), cancellationToken: cancellationToken);
    }

    public async Task<bool> MarkSentAsync(string labId, string grantId, CancellationToken cancellationToken)
    {
        try
        {
            await SettleAsync(labId, grantId, GrantOutcome.Sent, serverDate: null, cancellationToken);
            return true;
        }
        catch (MeshException expired) when (expired.Reason is ErrorReason.StateForbids or ErrorReason.NotFound)
        {
            return false;
        }
    }

    public async Task SettleAsync(string labId, string grantId, GrantOutcome outcome, DateTimeOffset? serverDate, CancellationToken cancellationToken)
    {
        var request = new SettleQuotaRequest { GrantId = grantId, Outcome = outcome, ServerDate = serverDate?.ToTimestamp() };
        await client.SettleQuotaAsync(request, GrpcLab.For(labId), cancellationToken: cancellationToken);
    }

    public async Task<GetForecastResponse> GetForecastAsync(string labId, CancellationToken cancellationToken) =>
        await client.GetForecastAsync(new GetForecastRequest(), GrpcLab.For(labId), cancellationToken: cancellationToken);

    public async Task<QuotaStatus?> GetAsync(string labId, QuotaBucket bucket, CancellationToken cancellationToken)
    {
        var answer = await client.GetQuotaAsync(new GetQuotaRequest(), GrpcLab.For(labId), cancellationToken: cancellationToken);
        return answer.Quotas.FirstOrDefault(quota => quota.Bucket == bucket);
    }
}
