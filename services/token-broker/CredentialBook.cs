using System.Security.Cryptography;
using System.Text;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Puts, lists and disables credentials.</summary>
internal sealed class CredentialBook(ICredentialStore store, CredentialVault vault, TokenMetrics metrics, TimeProvider clock)
{
    /// <summary>Adds or replaces a credential and makes it usable. The same key and secret keep their token: nothing is asked for twice.</summary>
    public async Task<SealedCredential> PutAsync(CredentialKey key, string account, CredentialSecrets secrets, CancellationToken cancellationToken)
    {
        var known = await store.FindAsync(key, cancellationToken);
        if (known is not null && vault.TryOpen(known) is { } before && Same(before.ClientKey, secrets.ClientKey) && Same(before.ClientSecret, secrets.ClientSecret))
        {
            // Brokers that start with the same environment must not disturb each other's questions: what is as it should be is not touched.
            return known.State is CredentialState.Active && known.Account == account ? known : await store.PutAsync(
                known with { Account = account, State = CredentialState.Active, UpdatedAt = clock.GetUtcNow() }, keepToken: true, cancellationToken);
        }

        metrics.Hide(key);
        return await store.PutAsync(vault.Seal(key, account, secrets, clock.GetUtcNow()), keepToken: false, cancellationToken);
    }

    /// <summary>A page of the lab's credentials, in order of id.</summary>
    public Task<IReadOnlyList<SealedCredential>> ListAsync(string labId, string afterId, int limit, CancellationToken cancellationToken) =>
        store.ListAsync(labId, afterId, limit, cancellationToken);

    /// <summary>Stops the use of a credential.</summary>
    /// <exception cref="MeshException">NOT_FOUND.</exception>
    public async Task<SealedCredential> DisableAsync(CredentialKey key, CancellationToken cancellationToken)
    {
        while (await store.FindAsync(key, cancellationToken) is { } credential)
        {
            if (credential.State is CredentialState.Disabled)
            {
                return credential;
            }

            await store.ChangeStateAsync(key, credential.Revision, credential.State, CredentialState.Disabled, null, clock.GetUtcNow(), cancellationToken);
            metrics.Hide(key);
        }

        throw MeshException.NotFound($"The credential \"{key.CredentialId}\"");
    }

    /// <summary>The first four characters of the client key and <c>…</c>, by which a person knows it again.</summary>
    public string Hint(SealedCredential credential) =>
        vault.TryOpen(credential) is { } secrets ? string.Concat(secrets.ClientKey.Reveal().AsSpan(0, Math.Min(4, secrets.ClientKey.Reveal().Length)), "…") : "(cannot be read)";

    private static bool Same(Secret<string> left, Secret<string> right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left.Reveal()), Encoding.UTF8.GetBytes(right.Reveal()));
}
