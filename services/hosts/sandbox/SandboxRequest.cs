namespace IssueObservatory.Mesh.Sandbox;

/// <summary>One request that reached the sandbox, as it was answered. Holds no token and no secret.</summary>
public sealed record SandboxRequest
{
    /// <summary>1, 2, 3, … in the order of arrival.</summary>
    public required int Number { get; init; }

    /// <summary>By the sandbox's clock.</summary>
    public required DateTimeOffset At { get; init; }

    public required SandboxEndpoint Endpoint { get; init; }

    /// <summary>Path without the query string.</summary>
    public required string Path { get; init; }

    /// <summary>Of the token; on the token endpoint the one that asked. null: not authenticated.</summary>
    public string? ClientKey { get; init; }

    /// <summary>The <c>fields</c> parameter.</summary>
    public string? Fields { get; init; }

    /// <summary>The body as text, for the research endpoints.</summary>
    public string? Body { get; init; }

    public string? StartDate { get; init; }

    public string? EndDate { get; init; }

    public long? Cursor { get; init; }

    public string? SearchId { get; init; }

    public long? MaxCount { get; init; }

    /// <summary>HTTP status; null: never answered.</summary>
    public int? Status { get; init; }

    /// <summary><c>ok</c> or the error's code; null: a scripted or garbled reply without one.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The id that the reply carried.</summary>
    public string? LogId { get; init; }

    /// <summary>It took a unit of the day.</summary>
    public bool Counted { get; init; }

    /// <summary>The reply came from the script.</summary>
    public bool Scripted { get; init; }

    /// <summary>The named sequence of the script that the reply belonged to.</summary>
    public string? Sequence { get; init; }

    /// <summary>Answered well, whatever the status says: 500 with a good body is good.</summary>
    public bool IsGood => ErrorCode == "ok";

    /// <summary>Records in the reply; null: none that the sandbox made.</summary>
    public int? Records { get; init; }

    /// <summary>The <c>search_id</c> that the reply named for the next page.</summary>
    public string? NextSearchId { get; init; }

    /// <summary>What the reply said of further pages; null: nothing.</summary>
    public bool? HasMore { get; init; }

    /// <summary>Bytes of the reply's body, before it was cut or garbled.</summary>
    public long Bytes { get; init; }
}
