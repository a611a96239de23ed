using System.Text.Json.Serialization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>One HTTP response, kept byte for byte, with the request without its secrets.</summary>
internal sealed record RawPage
{
    public required string LabId { get; init; }

    public required string PageId { get; init; }

    public required string SearchId { get; init; }

    [JsonPropertyName("Kind")]
    public required ApiEndpoint Endpoint { get; init; }

    public required long Cursor { get; init; }

    /// <summary>0 for the first try of this cursor.</summary>
    public required int Attempt { get; init; }

    /// <summary>HTTP status; 0 when none came.</summary>
    public required int Status { get; init; }

    /// <summary>What went wrong on the wire; empty when the response is whole.</summary>
    public required string Fault { get; init; }

    public required string ErrorCode { get; init; }

    public required string LogId { get; init; }

    /// <summary>SHA-256 of the body, hex.</summary>
    public required string Sha256 { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Path and query string.</summary>
    public required string Target { get; init; }

    public required ReadOnlyMemory<byte> RequestBody { get; init; }

    /// <summary>The response's headers that help to understand it.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required TimeSpan Latency { get; init; }

    public required string GrantId { get; init; }

    public required string CollectorVersion { get; init; }

    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>TikTok's search_id of the answer.</summary>
    public required string TikTokSearchId { get; init; }

    /// <summary>Whether the normalizer has answered, or has nothing to answer for.</summary>
    public bool Normalized { get; init; }

    /// <summary>Position in the order of storing.</summary>
    public long Sequence { get; init; }
}

/// <summary>A stored page and what its search asked for.</summary>
internal sealed record PageInContext(RawPage Page, Search Search);

/// <summary>What the normalizer made of a page.</summary>
internal sealed record PageCounts(int Received, int New, int Updated, int Unattributed, int Quarantined)
{
    /// <summary>How its videos spread over clauses and days; null when the normalizer did not say.</summary>
    public IReadOnlyList<ClauseVideos>? Videos { get; init; }
}
