using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The token-broker, as the collector needs it.</summary>
internal interface ICredentials
{
    /// <summary>The lab's first usable credential.</summary>
    /// <exception cref="MeshException">NO_CREDENTIAL or CREDENTIAL_REJECTED when there is none.</exception>
    Task<Credential> PickAsync(string labId, CancellationToken cancellationToken);

    /// <summary>A token that is good now.</summary>
    /// <exception cref="MeshException">CREDENTIAL_REJECTED for good, UNAVAILABLE for now.</exception>
    Task<AccessToken> GetTokenAsync(string labId, string credentialId, CancellationToken cancellationToken);

    /// <summary>TikTok refused this token.</summary>
    Task ReportRejectedAsync(string labId, AccessToken token, string logId, CancellationToken cancellationToken);
}

/// <summary>An access token and where it came from.</summary>
internal sealed record AccessToken(Secret<string> Value, string CredentialId, long Version);
