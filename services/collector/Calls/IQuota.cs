using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The quota-governor, as the collector needs it. No grant, no request.</summary>
internal interface IQuota
{
    /// <summary>A grant for a search's next request (or a control in its place, which may have another budget), in the turn of its caller, or a refusal that says when to come back.</summary>
    Task<ReserveQuotaResponse> ReserveAsync(string account, OpenSearch open, QuotaBucket bucket, CancellationToken cancellationToken);

    /// <summary>From here on the unit counts. False: the grant has expired and nothing may be sent.</summary>
    Task<bool> MarkSentAsync(string labId, string grantId, CancellationToken cancellationToken);

    /// <summary>Reports what became of a grant; repeating it changes nothing.</summary>
    Task SettleAsync(string labId, string grantId, GrantOutcome outcome, DateTimeOffset? serverDate, CancellationToken cancellationToken);

    /// <summary>What the lab's refreshes will cost.</summary>
    Task<GetForecastResponse> GetForecastAsync(string labId, CancellationToken cancellationToken);

    /// <summary>A budget of the lab's first account.</summary>
    Task<QuotaStatus?> GetAsync(string labId, QuotaBucket bucket, CancellationToken cancellationToken);
}
