using System.Security.Cryptography;
using System.Text;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>AES-256-GCM with a fresh nonce. What is sealed for one purpose cannot be opened for another.</summary>
internal static class Envelope
{
    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    private const byte Format = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + NonceLength + TagLength;

    /// <summary>Format, nonce, tag and cipher text.</summary>
    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain, string purpose)
    {
        var content = new byte[HeaderLength + plain.Length];
        content[0] = Format;
        var nonce = content.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, content.AsSpan(HeaderLength), content.AsSpan(1 + NonceLength, TagLength), Encoding.UTF8.GetBytes(purpose));
        return content;
    }

    /// <summary>What was sealed; null with another key, for another purpose, or when a bit was changed.</summary>
    public static byte[]? Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> content, string purpose)
    {
        if (content.Length < HeaderLength || content[0] != Format)
        {
            return null;
        }

        var plain = new byte[content.Length - HeaderLength];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(content.Slice(1, NonceLength), content[HeaderLength..], content.Slice(1 + NonceLength, TagLength), plain, Encoding.UTF8.GetBytes(purpose));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
