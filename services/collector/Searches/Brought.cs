namespace IssueObservatory.Mesh.Collector;

/// <summary>What the pages of a search have brought so far.</summary>
internal sealed record Brought
{
    /// <summary>When the first of them was fetched: what appeared later may be missing.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Items in them.</summary>
    public int Items { get; init; }

    /// <summary>Whether every page says how its items spread over clauses and days.</summary>
    public bool IsCounted { get; init; } = true;

    /// <summary>Videos by clause_id and day number; what is not there had none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<int, int>> Videos { get; init; } = new Dictionary<string, IReadOnlyDictionary<int, int>>(StringComparer.Ordinal);

    /// <summary>Videos of a clause on a day; null when nobody counted.</summary>
    public int? Of(string clauseId, DateOnly day) =>
        IsCounted ? Videos.TryGetValue(clauseId, out var days) ? days.GetValueOrDefault(day.DayNumber) : 0 : null;

    /// <summary>The same with what one more page brought.</summary>
    public Brought With(PageCounts counts) => this with
    {
        Items = Items + counts.Received,
        IsCounted = IsCounted && counts.Videos is not null,
        Videos = counts.Videos is { Count: > 0 } more ? Sum(more) : Videos,
    };

    private Dictionary<string, IReadOnlyDictionary<int, int>> Sum(IReadOnlyList<ClauseVideos> more)
    {
        var sums = Videos.ToDictionary(each => each.Key, each => each.Value.ToDictionary(), StringComparer.Ordinal);
        foreach (var (clauseId, day, videos) in more)
        {
            var days = sums.TryGetValue(clauseId, out var known) ? known : sums[clauseId] = [];
            days[day.DayNumber] = days.GetValueOrDefault(day.DayNumber) + videos;
        }

        return sums.ToDictionary(each => each.Key, IReadOnlyDictionary<int, int> (each) => each.Value, StringComparer.Ordinal);
    }
}

/// <summary>Videos of a page that match a clause and belong to a day.</summary>
internal sealed record ClauseVideos(string ClauseId, DateOnly Day, int Videos);
