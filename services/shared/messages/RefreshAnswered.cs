namespace IssueObservatory.Mesh.Messages;

/// <summary>A refresh that the scheduler submitted has ended. May come twice.</summary>
[Event(1, "refresh-scheduler")]
public sealed record RefreshAnswered
{
    /// <summary>The lab that it belongs to.</summary>
    public required string LabId { get; init; }

    /// <summary>The refresh_id of SubmitRefresh.</summary>
    public required string RefreshId { get; init; }

    /// <summary>Whether TikTok answered for any of the days. If not, both lists are empty and nothing may be concluded.</summary>
    public required bool Answered { get; init; }

    /// <summary>When the last page was fetched, UTC.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Ids that TikTok returned.</summary>
    public required IReadOnlyList<string> Returned { get; init; }

    /// <summary>Ids that were asked for and not returned, on days for which TikTok answered to the end. Of those in neither list nothing may be concluded.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Ids in neither list that lie on days which are known to be dark: asking for them again helps nobody before those are light (<see cref="BlackoutChanged"/>).</summary>
    public IReadOnlyList<string> Dark { get; init; } = [];

    /// <summary>Why it was not answered: TikTok's code or a word of the collector's; empty when it was, and when nobody knows.</summary>
    public string Failure { get; init; } = "";
}
