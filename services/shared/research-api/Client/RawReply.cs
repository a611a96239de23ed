namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>What happened on the wire, whole, without anything secret: enough to keep as evidence and to read later.</summary>
public sealed record RawReply
{
    /// <summary>When the call began.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>From the beginning of the call to the last byte, or to the fault.</summary>
    public required TimeSpan Latency { get; init; }

    /// <summary>Path and query string of the request.</summary>
    public required string Target { get; init; }

    /// <summary>The request's body, byte for byte.</summary>
    public required ReadOnlyMemory<byte> RequestBody { get; init; }

    /// <summary>HTTP status; null when no headers came.</summary>
    public int? Status { get; init; }

    /// <summary>The reply's headers that help to understand it (names in lower case); cookies and whatever else are dropped.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The server's clock, from its <c>Date</c> header.</summary>
    public DateTimeOffset? ServerDate { get; init; }

    /// <summary>The body byte for byte (decompressed when the server compressed it); with a fault, what came before it.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Null when the reply is whole, whatever its status says.</summary>
    public TransportFault? Fault { get; init; }

    /// <summary>True only when not one byte of the request can have reached TikTok: the unit can be given back.</summary>
    public bool CertainlyNotSent => Fault is TransportFault.ConnectFailed;

    public override string ToString() => $"{Target.Split('?')[0]} {Fault?.ToString() ?? $"{Status}"} {Body.Length} bytes {Latency.TotalMilliseconds:F0} ms";
}
