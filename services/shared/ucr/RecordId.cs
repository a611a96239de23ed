using System.Security.Cryptography;
using System.Text;

namespace IssueObservatory.Mesh.Ucr;

/// <summary>The id of a record: the same video of the same lab has the same id everywhere and for ever.</summary>
public static class RecordId
{
    /// <summary>Namespace of the ids (RFC 9562, version 5): a random UUID of ours that never changes.</summary>
    public static readonly Guid Namespace = new("6f6d8a3e-2b0c-4f57-9d0e-0c5a3f1b7e42");

    /// <summary>UUIDv5 of <c>{lab}/{platform}/{platform_id}</c> in <see cref="Namespace"/>.</summary>
    public static Guid Of(string labId, string platform, string platformId)
    {
        Span<byte> input = [.. Namespace.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes($"{labId}/{platform}/{platformId}")];
#pragma warning disable CA5350 // UUIDv5 is defined with SHA-1; nothing is protected by it.
        var hash = SHA1.HashData(input)[..16];
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
