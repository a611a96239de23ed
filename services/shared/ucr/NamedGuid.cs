using System.Security.Cryptography;
using System.Text;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>Ids that follow from a name (RFC 9562, version 5): the same name has the same id everywhere and for ever.</summary>
public static class NamedGuid
{
    /// <summary>The UUIDv5 of a name, as UTF-8, in a namespace.</summary>
    public static Guid Version5(Guid space, string name)
    {
        Span<byte> input = [.. space.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(name)];
#pragma warning disable CA5350 // Version 5 is defined with SHA-1; nothing is protected by it.
        var hash = SHA1.HashData(input)[..16];
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
