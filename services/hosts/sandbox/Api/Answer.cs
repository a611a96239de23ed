namespace IssueObservatory.Mesh.Sandbox.Api;

/// <summary>A reply before anything is done to it on the way out.</summary>
internal sealed record Answer(int Status, ReadOnlyMemory<byte> Body)
{
    public string? ErrorCode { get; init; }

    public string? LogId { get; init; }

    public int? Records { get; init; }

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
}

/// <summary>What goes over the wire: null answers are never sent.</summary>
internal sealed record Delivery(Answer? Answer, DateTimeOffset Date)
{
    public Mangling Mangling { get; init; }

    public double Share { get; init; } = 0.5;

    public TimeSpan Delay { get; init; }
}

/// <summary>A request as it came off the wire.</summary>
internal sealed record WireCall(string Method, string Path, string? Fields, string? Authorization, string? ContentType, ReadOnlyMemory<byte> Body);
