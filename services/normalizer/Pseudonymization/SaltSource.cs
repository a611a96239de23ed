using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IssueObservatory.Mesh.Defaults;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// Where the salt comes from: <c>PSEUDONYMIZATION_SALT</c>, the file that <c>PSEUDONYMIZATION_SALT_FILE</c> names, or, without a cluster's stores,
/// the file <c>salt</c> in the data folder, made once.
/// </summary>
internal sealed class SaltSource(IConfiguration configuration, DataFolder folder)
{
    /// <summary>Name of the setting.</summary>
    public const string Key = "PSEUDONYMIZATION_SALT";

    private const int ShortestBytes = 32;

    /// <summary>The salt. Throws <see cref="StartRefusedException"/> with one line when there is none or it is too short.</summary>
    public Secret<string> Read()
    {
        if (configuration[Key] is { Length: > 0 } value)
        {
            return Checked(value, Key);
        }

        if (configuration[Key + "_FILE"] is { Length: > 0 } path)
        {
            return Checked(FileText(path, Key + "_FILE").TrimEnd('\r', '\n'), Key + "_FILE");
        }

        return new ConnectionStrings(configuration).Find("MongoDb") is not null
            ? throw new StartRefusedException($"{Key}: a cluster needs one; give text of at least {ShortestBytes} UTF-8 bytes in {Key} or in the file that {Key}_FILE names.")
            : Checked(OfFolder(), folder.PathOf("salt"));
    }

    private string OfFolder()
    {
        var path = folder.PathOf("salt");
        OwnerFile.MakeOnce(path, () => Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ShortestBytes))));
        return FileText(path, path);
    }

    private static string FileText(string path, string name)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{name}: the salt's file cannot be read.", failure);
        }
    }

    private static Secret<string> Checked(string salt, string name) => Encoding.UTF8.GetByteCount(salt) >= ShortestBytes
        ? new(salt)
        : throw new StartRefusedException($"{name}: the salt must have at least {ShortestBytes} UTF-8 bytes, it has {Encoding.UTF8.GetByteCount(salt)}.");
}
