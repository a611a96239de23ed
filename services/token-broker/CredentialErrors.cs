using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>What people and programs are told when there is no token.</summary>
internal static class CredentialErrors
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);

    /// <summary>None of that id, or none at all.</summary>
    public static MeshException Missing(string credentialId) => credentialId.Length == 0
        ? new(ErrorReason.NoCredential, "There is no credential for the Research API. Set TIKTOK_CLIENT_KEY and TIKTOK_CLIENT_SECRET, or run: mesh credentials add")
        : new(ErrorReason.NoCredential, $"There is no credential \"{credentialId}\". Add it with: mesh credentials add") { Metadata = About(credentialId) };

    /// <summary>An operator stopped it.</summary>
    public static MeshException Disabled(CredentialKey key) =>
        new(ErrorReason.NoCredential, $"The credential \"{key.CredentialId}\" is disabled. Put it again to use it: mesh credentials add") { Metadata = About(key.CredentialId) };

    /// <summary>TikTok refused it for good.</summary>
    public static MeshException Rejected(CredentialKey key, Rejection rejection) => new(
        ErrorReason.CredentialRejected,
        $"TikTok refused the credential \"{key.CredentialId}\": {rejection.Code}{(rejection.LogId.Length > 0 ? $" (log_id {rejection.LogId})" : "")}. {Remedy(key)}")
    {
        Metadata = About(key.CredentialId, ("code", rejection.Code), ("log_id", rejection.LogId)),
    };

    /// <summary>What came instead of a token; null when the credential went away meanwhile.</summary>
    public static MeshException From(CredentialKey key, TokenAnswer? answer) => answer switch
    {
        TokenAnswer.Refused { Permanent: true } refused => Rejected(key, new(refused.Code, refused.LogId)),
        TokenAnswer.Refused refused => Unavailable(key, $"it said {refused.Code}", ("code", refused.Code), ("log_id", refused.LogId)),
        TokenAnswer.Unavailable unavailable => Unavailable(key, unavailable.Reason),
        _ => Missing(key.CredentialId),
    };

    private static MeshException Unavailable(CredentialKey key, string why, params (string Name, string Value)[] details) =>
        new(ErrorReason.Unavailable, $"TikTok gives no token now: {why}.") { Metadata = About(key.CredentialId, details), RetryAfter = AskAgain };

    private static string Remedy(CredentialKey key) => key.CredentialId == EnvironmentCredential.Id
        ? $"Check {EnvironmentCredential.KeyVariable} and {EnvironmentCredential.SecretVariable}."
        : "Check the client key and secret, and put them again with: mesh credentials add";

    private static Dictionary<string, string> About(string credentialId, params (string Name, string Value)[] details)
    {
        var metadata = details.ToDictionary(detail => detail.Name, detail => detail.Value, StringComparer.Ordinal);
        metadata["credential_id"] = credentialId;
        return metadata;
    }
}
