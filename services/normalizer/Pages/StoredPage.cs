using System.Security.Cryptography;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>An answer of the Research API as the collector keeps it, with what its search asked for.</summary>
internal sealed record StoredPage
{
    /// <summary>Its id.</summary>
    public required string PageId { get; init; }

    /// <summary>Which endpoint answered.</summary>
    public required ApiEndpoint Endpoint { get; init; }

    /// <summary>SHA-256 of the body, hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>When the body had been read, UTC.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>TikTok's code as the collector read it; empty when unreadable.</summary>
    public required string ErrorCode { get; init; }

    /// <summary>Byte for byte.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>One clause, or several that were merged; empty for a refresh.</summary>
    public IReadOnlyList<Clause> Clauses { get; init; } = [];

    /// <summary>First day of the search's window; null when it had none.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day of the search's window.</summary>
    public DateOnly? To { get; init; }

    /// <summary>TikTok's search_id; empty when there was none.</summary>
    public string TikTokSearchId { get; init; } = "";

    /// <summary>Whether this was a random sample.</summary>
    public bool IsRandom { get; init; }

    /// <summary><c>free</c>.</summary>
    public string Tier { get; init; } = "free";

    /// <summary>A refresh changes records that exist and makes none.</summary>
    public bool Refresh { get; init; }

    /// <summary>Whom or what was asked for; empty with a video query.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Whether these are the bytes that the collector stored.</summary>
    public bool IsIntact => string.Equals(HashOf(Body.Span), Sha256, StringComparison.OrdinalIgnoreCase);

    /// <summary>SHA-256 of a body, hex.</summary>
    public static string HashOf(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>Which reading an item of the page is.</summary>
    public ReadVersion VersionAt(int position) => new(FetchedAt.ToUnixTimeMilliseconds(), PageId, position);

    /// <summary>
    /// The one of the asked days that a thing belongs to, also when TikTok's own time lies beside them. Without a time it belongs to the day of the fetch, and in
    /// a list, which has no days, to the first: so it is the same however often the list is read.
    /// </summary>
    public DateOnly DayOf(DateTimeOffset? published)
    {
        var day = DateOnly.FromDateTime((published ?? (Endpoint is ApiEndpoint.VideoQuery ? FetchedAt : DateTimeOffset.UnixEpoch)).UtcDateTime);
        return day < From ? From.Value : day > To ? To.Value : day;
    }

    /// <summary>The id only: everything else may hold names.</summary>
    public override string ToString() => $"page {PageId}";
}
