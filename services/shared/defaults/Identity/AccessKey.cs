using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Keys that prove who calls: made, read and compared.</summary>
public static class AccessKey
{
    private const int Bytes = 32;

    /// <summary>A new key of 256 random bits, in letters that need no escaping anywhere.</summary>
    public static Secret<string> Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Whether both are the same; takes the same time whatever is presented.</summary>
    internal static bool Same(string presented, Secret<string> known) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(presented)),
        SHA256.HashData(Encoding.UTF8.GetBytes(known.Reveal())));

    /// <summary>The key in the file that <paramref name="setting"/> names; null when it names none.</summary>
    /// <exception cref="StartRefusedException">The file cannot be read or holds no key.</exception>
    internal static Secret<string>? FromFile(string? path, string setting)
    {
        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        try
        {
            return File.ReadAllText(path).Trim() is { Length: >= Bytes } key
                ? new Secret<string>(key)
                : throw new StartRefusedException($"{setting} names a file that holds no key of at least {Bytes} characters.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{setting} names a file that cannot be read.", unreadable);
        }
    }
}
