using System.Text.Json.Nodes;

namespace IssueObservatory.Mesh.Interop;

/// <summary>A call that a foreign client shall make.</summary>
/// <param name="Method">Full name, e.g. <c>issueobservatory.mesh.v1.TikTokArena/DescribeArena</c>.</param>
/// <param name="Request">The request in proto's JSON with the names of the proto.</param>
internal sealed record ForeignCall(string Method, JsonObject Request)
{
    /// <summary>Key of the caller; null: none is sent.</summary>
    public string? Key { get; init; }

    /// <summary>Seconds; null: none.</summary>
    public double? Deadline { get; init; }

    /// <summary>Whether the client compresses what it sends.</summary>
    public bool Gzip { get; init; }

    /// <summary>Breaks a stream off after so many records; null: reads it to its end.</summary>
    public int? StopAfter { get; init; }
}
