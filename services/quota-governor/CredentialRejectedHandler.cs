using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>
/// Notes that TikTok refuses a credential. Nothing is blocked: an account may have other credentials, without a token nothing is sent,
/// and a unit that was reserved for it comes back with NEVER_SENT or after 30 s.
/// </summary>
internal sealed partial class CredentialRejectedHandler(ILogger<CredentialRejectedHandler> logger) : IEventHandler<CredentialRejected>
{
    /// <inheritdoc/>
    public Task HandleAsync(CredentialRejected message, CancellationToken cancellationToken)
    {
        Log.Rejected(logger, message.CredentialId, message.Account, message.Code);
        return Task.CompletedTask;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "TikTok refuses credential {CredentialId} ({Code}): account {Account} spends nothing with it; units reserved for it come back.")]
        public static partial void Rejected(ILogger logger, string credentialId, string account, string code);
    }
}
