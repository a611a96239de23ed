namespace IssueObservatory.Mesh.Collector;

/// <summary>What the reading of a list came to.</summary>
internal enum ListResult
{
    /// <summary>Read as far as TikTok shows it.</summary>
    Read = 1,

    /// <summary>TikTok does not give it, e.g. because the account is private: that is the answer.</summary>
    Refused = 2,

    /// <summary>Trouble on the way; what came before is kept.</summary>
    Failed = 3,
}

/// <summary>How the last reading of a list ended.</summary>
internal sealed record ListRead
{
    public required ListKey List { get; init; }

    public required ListResult Result { get; init; }

    /// <summary>Why it was refused or failed, e.g. <c>user_not_found</c>; empty when it was read.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Items that it brought, each once.</summary>
    public long Items { get; init; }

    /// <summary>TikTok has more of it and shows no more.</summary>
    public bool IsCut { get; init; }

    /// <summary>Evidence of the last answer.</summary>
    public string LogId { get; init; } = "";

    public required DateTimeOffset ReadAt { get; init; }
}

/// <summary>What is known of a list.</summary>
/// <param name="OpenSearch">The search that reads it now; empty when none does.</param>
/// <param name="Last">Its last reading; null when it was never read to an end.</param>
internal sealed record ListFact(string OpenSearch, ListRead? Last);
