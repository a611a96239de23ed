namespace IssueObservatory.Mesh.Messages;

/// <summary>TikTok refuses a credential for good; nothing may be granted or sent with it until it is put anew.</summary>
[Event(1, "quota-governor", "collector")]
public sealed record CredentialRejected
{
    /// <summary>The lab that owns it.</summary>
    public required string LabId { get; init; }

    /// <summary>The credential.</summary>
    public required string CredentialId { get; init; }

    /// <summary>The account that it belongs to.</summary>
    public required string Account { get; init; }

    /// <summary>TikTok's error code, e.g. <c>invalid_client</c>.</summary>
    public required string Code { get; init; }

    /// <summary>TikTok's log_id, may be empty.</summary>
    public required string LogId { get; init; }
}
