namespace IssueObservatory.Mesh.Messages;

/// <summary>A new UTC day's budget is open: whoever waits for quota may ask again.</summary>
[Event(1, "collector")]
public sealed record QuotaReset
{
    /// <summary>The lab that the account belongs to.</summary>
    public required string LabId { get; init; }

    /// <summary>The account.</summary>
    public required string Account { get; init; }

    /// <summary>The day that opened, <c>YYYY-MM-DD</c>.</summary>
    public required string Day { get; init; }
}
