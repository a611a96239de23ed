using System.Diagnostics.CodeAnalysis;

namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>Takes apart the addresses that people copy from a browser or a phone. Nothing is fetched.</summary>
internal sealed class TikTokUrl
{
    private static readonly string[] ShortHosts = ["vm.tiktok.com", "vt.tiktok.com"];

    private static readonly string[] Hosts = ["tiktok.com", "www.tiktok.com", "m.tiktok.com", .. ShortHosts];

    private TikTokUrl()
    {
    }

    /// <summary>The name after /@; null when there is none.</summary>
    public string? Name { get; private init; }

    /// <summary>The digits after /video/, /photo/ or /v/; null when there are none.</summary>
    public string? VideoId { get; private init; }

    /// <summary>Why this is no address to work with.</summary>
    public string? Error { get; private init; }

    /// <summary>True for anything that wants to be an address, also without https:// in front.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out TikTokUrl? url)
    {
        var isAddress = text.Contains("://", StringComparison.Ordinal) || text.Contains('/');
        url = isAddress ? Read(text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}") : null;
        return isAddress;
    }

    private static TikTokUrl Read(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
        {
            return new() { Error = "is not a web address" };
        }

        if (!Hosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase))
        {
            return new() { Error = "is not an address at tiktok.com" };
        }

        var parts = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var name = parts is [{ Length: > 1 } first, ..] && first[0] == '@' ? first[1..] : null;
        var at = Array.FindIndex(parts, part => part is "video" or "photo" or "v");
        var id = at >= 0 && at + 1 < parts.Length ? parts[at + 1].Replace(".html", "", StringComparison.OrdinalIgnoreCase) : null;
        var isShort = name is null && id is null && (ShortHosts.Contains(address.IdnHost, StringComparer.OrdinalIgnoreCase) || parts is ["t", ..]);
        return new()
        {
            Name = name,
            VideoId = id,
            Error = isShort ? "is a short link, which says nothing without asking TikTok; open it in a browser and copy the address from there" : null,
        };
    }
}
