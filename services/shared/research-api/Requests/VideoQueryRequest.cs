namespace IssueObservatory.Mesh.ResearchApi;

/// <summary>One page of a video query. The first page has neither cursor nor search id; the next ones repeat everything and add both.</summary>
public sealed record VideoQueryRequest : ResearchRequest
{
    /// <summary>Most records that one page can hold.</summary>
    public const int LargestPage = 100;

    /// <summary>Most days between the first and the last day of a window; both are included, so a window has at most 31 days.</summary>
    public const int LongestSpan = 30;

    public override ResearchEndpoint Endpoint { get; init; } = ResearchEndpoints.Videos;

    public required VideoQuery Query { get; init; }

    /// <summary>First day (UTC), inclusive.</summary>
    public required DateOnly StartDate { get; init; }

    /// <summary>Last day (UTC), inclusive.</summary>
    public required DateOnly EndDate { get; init; }

    /// <summary>Records per page, 1 to 100.</summary>
    public int MaxCount { get; init; } = LargestPage;

    /// <summary>Where the page starts, as the page before said; 0 for the first page.</summary>
    public long Cursor { get; init; }

    /// <summary>Of the page before; null for the first page.</summary>
    public string? SearchId { get; init; }

    /// <summary>A random sample instead of the newest first. It cannot be exhausted.</summary>
    public bool IsRandom { get; init; }

    public override byte[] WriteBody() => WriteObject(writer =>
    {
        writer.WritePropertyName("query");
        VideoQueryWriter.Write(writer, Query);
        writer.WriteString("start_date", ApiDate.Format(StartDate));
        writer.WriteString("end_date", ApiDate.Format(EndDate));
        writer.WriteNumber(Endpoint.CountKey, MaxCount);
        if (Cursor != 0)
        {
            writer.WriteNumber(Endpoint.CursorKey, Cursor);
        }

        if (SearchId is not null)
        {
            writer.WriteString("search_id", SearchId);
        }

        if (IsRandom)
        {
            writer.WriteBoolean("is_random", IsRandom);
        }
    });

    public override IReadOnlyList<Violation> Validate()
    {
        List<Violation> found = [.. VideoQueryValidator.Validate(Query)];
        if (StartDate < ApiDate.Earliest)
        {
            found.Add(new("start_date", $"must not be before {ApiDate.Format(ApiDate.Earliest)}"));
        }

        var span = EndDate.DayNumber - StartDate.DayNumber;
        if (span is < 0 or > LongestSpan)
        {
            found.Add(new("end_date", $"must be start_date or up to {LongestSpan} days later, not {span}"));
        }

        CheckPage(MaxCount, Cursor, found);
        if (SearchId is "")
        {
            found.Add(new("search_id", "must not be empty"));
        }

        CheckFields(found);
        return found;
    }

    public override string ToString() => $"{Path} {ApiDate.Format(StartDate)}-{ApiDate.Format(EndDate)} cursor {Cursor}";
}
