using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>What came of a check.</summary>
internal sealed record CheckResult
{
    /// <summary>The batch that it was.</summary>
    public required string RefreshId { get; init; }

    /// <summary>What it checked.</summary>
    public required CheckedItems Checks { get; init; }

    /// <summary>How many ids it had.</summary>
    public required long Items { get; init; }

    /// <summary>Whether TikTok answered to the end; if not, nothing is concluded.</summary>
    public required bool Answered { get; init; }

    /// <summary>Ids that TikTok still shows.</summary>
    public long Alive { get; init; }

    /// <summary>Ids that it does not show, in order.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Why it came to nothing; empty when it was answered.</summary>
    public string Failure { get; init; } = "";
}
