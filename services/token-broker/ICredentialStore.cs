using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>
/// The labs' credentials and tokens, sealed before they come here: an implementation never sees a secret.
/// Each call MUST be one atomic step that is durable before it returns. A change that names a revision MUST happen only while the credential has that revision,
/// so that an answer to an older secret never touches a newer one.
/// </summary>
internal interface ICredentialStore
{
    /// <summary>
    /// Adds the credential or replaces the one with its key; its revision rises, the number of its last token stays.
    /// The token stays only with <paramref name="keepToken"/>. Returns what is stored now.
    /// </summary>
    Task<SealedCredential> PutAsync(SealedCredential credential, bool keepToken, CancellationToken cancellationToken);

    /// <summary>The credential, or null.</summary>
    Task<SealedCredential?> FindAsync(CredentialKey key, CancellationToken cancellationToken);

    /// <summary>At most <paramref name="limit"/> credentials of the lab whose id comes after <paramref name="afterId"/>, in order of id (by code point).</summary>
    Task<IReadOnlyList<SealedCredential>> ListAsync(string labId, string afterId, int limit, CancellationToken cancellationToken);

    /// <summary>Rejected credentials of every lab.</summary>
    Task<IReadOnlyList<SealedCredential>> ListRejectedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Moves a credential from one state to another; false when its revision or state is another by now.
    /// <paramref name="rejection"/> goes with <see cref="CredentialState.Rejected"/> and is null otherwise.
    /// </summary>
    Task<bool> ChangeStateAsync(
        CredentialKey key, long revision, CredentialState from, CredentialState to, Rejection? rejection, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps a token; false when the revision is another, or the version is not the one after the last.</summary>
    Task<bool> SaveTokenAsync(CredentialKey key, long revision, SealedToken token, CancellationToken cancellationToken);

    /// <summary>TikTok refused the token of this version; any other version changes nothing.</summary>
    Task RejectTokenAsync(CredentialKey key, long version, CancellationToken cancellationToken);
}
