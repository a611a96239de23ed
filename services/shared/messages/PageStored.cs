namespace IssueObservatory.Mesh.Messages;

/// <summary>The collector keeps an answer of the Research API; whoever makes records of it fetches it by id.</summary>
[Event(1, "normalizer")]
public sealed record PageStored
{
    /// <summary>The lab that it belongs to.</summary>
    public required string LabId { get; init; }

    /// <summary>The page, for GetPage.</summary>
    public required string PageId { get; init; }
}
