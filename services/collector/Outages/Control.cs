using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// A request for something that is known to be good. Best is work that waits anyway: its own next request, when what it asks for has answered before.
/// Otherwise a search that waits asks for its first clause on a day of its class that answered, and stays where it is; the page is kept as evidence and
/// becomes no record.
/// </summary>
/// <param name="Day">The day; null: the search's own next request.</param>
internal sealed record Control(DateOnly? Day)
{
    /// <summary>Days before today that are asked for when none of the class has answered yet, or when the one that has fails too.</summary>
    private static readonly int[] Fallbacks = [30, 90, 365];

    /// <summary>The search whose own next request is a control; null when none is.</summary>
    public static OpenSearch? Useful(IEnumerable<OpenSearch> candidates, Outage outage, DateTimeOffset now) =>
        candidates.FirstOrDefault(open => open.Checkpoint.NotBefore <= now && IsKnownGood(open.Search, open.Checkpoint, outage));

    /// <summary>The day to ask for in the name of a search: each control in a row another one.</summary>
    public static Control Of(Search search, Outage outage, ClassBlackouts known, DateTimeOffset now)
    {
        var today = Days.DayOf(now);
        var days = Fallbacks.Select(back => today.AddDays(-back)).Where(day => !known.IsDark(day)).ToList();
        if (outage.GoodOf(search.Class) is { } good && !known.IsDark(good.Days.To))
        {
            days.Insert(0, good.Days.To);
        }

        return new(days.Count == 0 ? today.AddDays(-Fallbacks[0]) : days[(outage.IsOpen ? outage.Tries : outage.FailedControls) % days.Count]);
    }

    /// <summary>The request.</summary>
    public static ResearchRequest Ask(Search search, DateOnly day) => search.Kind switch
    {
        // A list has no days of its own: any video will do.
        SearchKind.List => new VideoQueryRequest
        {
            Query = new() { And = [Condition.OneOf(ConditionField.RegionCode, ["DK"])] },
            StartDate = day,
            EndDate = day,
            Fields = VideoFields.All,
            MaxCount = VideoQueryRequest.LargestPage,
        },
        _ => SearchQueries.Next(search with { Window = new(day, day), Sample = 0, Checks = CheckedItems.Unspecified, Clauses = [.. search.Clauses.Take(1)], VideoIds = [.. search.VideoIds.Take(VideoQueryRequest.LargestPage)] }, Checkpoint.Start),
    };

    private static bool IsKnownGood(Search search, Checkpoint checkpoint, Outage outage) => search switch
    {
        { Kind: SearchKind.List } or { IsCheck: true } or { IsProbe: true } => false,
        _ when !checkpoint.IsFirstPage => true,
        { Kind: SearchKind.Videos, Sample: 0 } => outage.GoodOf(search.Class) is { } good && good.Days == search.Window,
        _ => false,
    };
}
