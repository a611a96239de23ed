using System.Security.Cryptography;
using System.Text;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>The key that seals every credential's own key; it lies in a file that only its owner may read, apart from the database.</summary>
internal static class MasterKey
{
    /// <summary>The variable that names the file; without it the data folder gets one.</summary>
    public const string Setting = "MESH_CREDENTIALS_KEY_FILE";

    /// <summary>Name of the file that the data folder gets.</summary>
    public const string FileName = "credentials.key";

    /// <summary>The key of a file that must exist.</summary>
    /// <exception cref="StartRefusedException">The file cannot be read or holds something else.</exception>
    public static byte[] Load(string path) => Load(path, $"The key file {Path.GetFileName(path)}");

    /// <summary>The key of the file that <see cref="Setting"/> names.</summary>
    /// <exception cref="StartRefusedException">The file cannot be read or holds something else; the message does not say which file.</exception>
    public static byte[] LoadNamed(string path) => Load(path, $"The file that {Setting} names");

    /// <summary>The key of a file that is made when it is missing. Of two makers at once, one wins and both get its key.</summary>
    public static byte[] LoadOrMake(string path)
    {
        OwnerFile.MakeOnce(path, () => Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Envelope.KeyLength)) + "\n"));
        return Load(path);
    }

    private static byte[] Load(string path, string what)
    {
        try
        {
            var key = new byte[Envelope.KeyLength];
            return Convert.TryFromBase64String(File.ReadAllText(path).Trim(), key, out var length) && length == Envelope.KeyLength
                ? key
                : throw new StartRefusedException($"{what} must hold 32 bytes as base64 and nothing else.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{what} cannot be read; it must hold 32 bytes as base64.", exception);
        }
    }
}
