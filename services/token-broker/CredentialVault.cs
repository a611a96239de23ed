using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>
/// Seals and opens what the store keeps. Each credential has a random key of its own, sealed with the master key; every sealed piece is bound to its lab,
/// credential and use, so that none can be moved to another row.
/// </summary>
internal sealed class CredentialVault(Func<byte[]> masterKey)
{
    private readonly Lazy<byte[]> master = new(masterKey);

    /// <summary>A credential ready to be stored, with a new key of its own.</summary>
    public SealedCredential Seal(CredentialKey key, string account, CredentialSecrets secrets, DateTimeOffset now)
    {
        var own = RandomNumberGenerator.GetBytes(Envelope.KeyLength);
        var plain = JsonSerializer.SerializeToUtf8Bytes<string[]>([secrets.ClientKey.Reveal(), secrets.ClientSecret.Reveal()]);
        try
        {
            return new()
            {
                Key = key,
                Account = account,
                WrappedKey = Envelope.Seal(master.Value, own, Purpose("key", key)),
                Secrets = Envelope.Seal(own, plain, Purpose("secrets", key)),
                UpdatedAt = now,
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(own);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>The secrets of a credential.</summary>
    /// <exception cref="MeshException">It was sealed with another master key, or changed since.</exception>
    public CredentialSecrets Open(SealedCredential credential) => TryOpen(credential) ?? throw Unreadable(credential.Key);

    /// <summary>As <see cref="Open"/>; null when it cannot be read.</summary>
    public CredentialSecrets? TryOpen(SealedCredential credential)
    {
        if (OpenKey(credential) is not { } own || Envelope.Open(own, credential.Secrets, Purpose("secrets", credential.Key)) is not { } plain)
        {
            return null;
        }

        var pair = JsonSerializer.Deserialize<string[]>(plain)!;
        CryptographicOperations.ZeroMemory(own);
        CryptographicOperations.ZeroMemory(plain);
        return new(new(pair[0]), new(pair[1]));
    }

    /// <summary>A token ready to be stored, as the next version of its credential.</summary>
    public SealedToken SealToken(SealedCredential credential, Secret<string> token, DateTimeOffset obtainedAt, TimeSpan lifetime)
    {
        var own = OpenKey(credential) ?? throw Unreadable(credential.Key);
        var version = credential.LastVersion + 1;
        return new()
        {
            Version = version,
            Content = Envelope.Seal(own, Encoding.UTF8.GetBytes(token.Reveal()), Purpose($"token {version}", credential.Key)),
            ObtainedAt = obtainedAt,
            ExpiresAt = obtainedAt + lifetime,
        };
    }

    /// <summary>A stored token in the open; null when it cannot be read, which costs no more than asking for another.</summary>
    public AccessToken? TryOpenToken(SealedCredential credential, SealedToken token) =>
        OpenKey(credential) is { } own && Envelope.Open(own, token.Content, Purpose($"token {token.Version}", credential.Key)) is { } plain
            ? new(credential.Key, credential.Account, new(Encoding.UTF8.GetString(plain)), token.Version, token.ObtainedAt, token.ExpiresAt)
            : null;

    private static string Purpose(string use, CredentialKey key) => $"mesh token-broker {use}\n{key.LabId}\n{key.CredentialId}";

    private static MeshException Unreadable(CredentialKey key) => new(
        ErrorReason.NoCredential,
        $"The credential \"{key.CredentialId}\" cannot be read: it was stored with another key file than the present one, or was changed. Put it again, or bring the key file back.")
    {
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["credential_id"] = key.CredentialId },
    };

    private byte[]? OpenKey(SealedCredential credential) => Envelope.Open(master.Value, credential.WrappedKey, Purpose("key", credential.Key));
}
