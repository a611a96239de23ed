using System.Security.Cryptography;
using System.Text;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>Makes pseudonyms of user names with the lab's salt. Prints nothing of the salt.</summary>
public sealed class AuthorPseudonyms
{
    private const int ShortLength = 12;
    private readonly PseudonymScheme scheme;
    private readonly byte[] salt;

    /// <summary>Pseudonyms of <paramref name="scheme"/> with <paramref name="salt"/>, which is used as it is, as UTF-8.</summary>
    public AuthorPseudonyms(PseudonymScheme scheme, string salt)
    {
        ArgumentException.ThrowIfNullOrEmpty(salt);
        this.scheme = scheme;
        this.salt = Encoding.UTF8.GetBytes(salt);
        KeyId = Digest("key")[..8];
        Fingerprint = Digest("folder");
    }

    /// <summary>Names scheme and salt without telling them: eight hex characters, stored beside each pseudonym.</summary>
    public string KeyId { get; }

    /// <summary>Tells another scheme or salt apart for certain: 64 hex characters.</summary>
    public string Fingerprint { get; }

    /// <summary>The pseudonym of a user name as TikTok sent it: 64 hex characters.</summary>
    public string Of(string username)
    {
        ArgumentNullException.ThrowIfNull(username);
        return Convert.ToHexStringLower(scheme == PseudonymScheme.HmacSha256
            ? HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes("tiktok:" + username))
            : SHA256.HashData([.. Encoding.UTF8.GetBytes("tiktok:" + username + ":"), .. salt]));
    }

    /// <summary>
    /// What stands in texts for a mentioned name: <c>user_</c> and the first 12 characters of the pseudonym of the name in lower case
    /// (TikTok's names have no case), so that a mention still leads to its author's records.
    /// </summary>
    public string ShortOf(string mentioned)
    {
        ArgumentNullException.ThrowIfNull(mentioned);
        return "user_" + Of(mentioned.ToLowerInvariant())[..ShortLength];
    }

    private string Digest(string purpose) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes($"{purpose}:{scheme}:"), .. salt]));
}
