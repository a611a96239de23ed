namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What a script sees of a request.</summary>
public sealed record SandboxCall
{
    public required SandboxEndpoint Endpoint { get; init; }

    /// <summary>null on the token endpoint.</summary>
    public string? ClientKey { get; init; }

    /// <summary>The body as text; empty on the token endpoint, so that no secret leaves it.</summary>
    public string Body { get; init; } = "";

    /// <summary>First and last day as the request spells them; null: not given.</summary>
    public string? StartDate { get; init; }

    public string? EndDate { get; init; }

    /// <summary>null: not given.</summary>
    public long? Cursor { get; init; }

    public string? SearchId { get; init; }

    public long? MaxCount { get; init; }

    /// <summary>No cursor, or cursor 0.</summary>
    public bool IsFirstPage => Cursor is null or 0;
}
