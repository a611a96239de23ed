using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// A request that should be answered as long as TikTok answers anything. Best is work that waits anyway: its own next request, when what it asks for has
/// answered before. Otherwise it asks for the id of any one video of a day, in the name of a search that waits and stays where it is: never for what failed,
/// since a name or a query that TikTok never answers must not look like an outage. The page is kept as evidence and becomes no record.
/// </summary>
/// <param name="Day">The day; null: the search's own next request.</param>
internal sealed record Control(DateOnly? Day)
{
    /// <summary>Days before today, in turns: one of them may be dark.</summary>
    private static readonly int[] Ages = [30, 90, 365];

    /// <summary>
    /// The search whose own next request is a control; null when none is. After one that failed the next is none of them: what answered before may fail now by itself.
    /// </summary>
    public static OpenSearch? Useful(IEnumerable<OpenSearch> candidates, Outage outage, DateTimeOffset now) =>
        Failed(outage) % 2 == 1 ? null : candidates.FirstOrDefault(open => open.Checkpoint.NotBefore <= now && IsKnownGood(open.Search, open.Checkpoint, outage));

    /// <summary>Any video of a day: each control in a row another day.</summary>
    public static Control Any(Outage outage, DateTimeOffset now) => new(Days.DayOf(now).AddDays(-Ages[Failed(outage) % Ages.Length]));

    /// <summary>The request.</summary>
    public static ResearchRequest Ask(DateOnly day) => new VideoQueryRequest
    {
        Query = new() { And = [Condition.OneOf(ConditionField.RegionCode, ["DK"])] },
        StartDate = day,
        EndDate = day,
        Fields = ["id"],
        MaxCount = 1,
    };

    private static int Failed(Outage outage) => outage.FailedControls + outage.Tries;

    private static bool IsKnownGood(Search search, Checkpoint checkpoint, Outage outage) => search switch
    {
        { Kind: SearchKind.List } or { IsCheck: true } or { IsProbe: true } or { Twin: not null } => false,
        _ when !checkpoint.IsFirstPage => true,
        { Kind: SearchKind.Videos, Sample: 0 } => outage.GoodOf(search.Class) is { } good && good.Days == search.Window,
        _ => false,
    };
}
