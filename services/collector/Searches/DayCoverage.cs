using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>How days become known. What is complete stays complete.</summary>
internal static class DayCoverage
{
    /// <summary>Detail of a day that was read to its end on pages which stayed suspect.</summary>
    private const string Sparse = "sparse";

    /// <summary>Detail of a day of which nothing came although something should have.</summary>
    private const string Silent = "silent";

    /// <summary>After this a doubtful day is worth another reading.</summary>
    private static readonly TimeSpan SecondChance = TimeSpan.FromDays(1);

    /// <summary>Whether a day was read to its end and may lack videos all the same.</summary>
    public static bool IsDoubtful(CoveredDay? day) => day is { State: CoverageState.Complete, Detail: Sparse or Silent };

    /// <summary>Whether a doubtful day is to be read once more by whoever asks for it: what was wrong with TikTok a day ago may be over.</summary>
    public static bool IsDueAgain(CoveredDay day, DateTimeOffset now) => IsDoubtful(day) && day.RetryAt > DateTimeOffset.UnixEpoch && day.RetryAt <= now;

    /// <summary>As callers see it. A day is asked for only when all its videos can be found, so one that brought none has none.</summary>
    public static CoverageState StateOf(CoveredDay? day) => day switch
    {
        null => CoverageState.Pending,
        { State: CoverageState.Gap, IsPartial: true } => CoverageState.Partial,
        _ when IsDoubtful(day) => CoverageState.Suspect,
        { State: CoverageState.Complete, Videos: 0 } => CoverageState.Empty,
        _ => day.State,
    };

    /// <param name="clauseId">Of which clause.</param>
    /// <param name="missing">Which days, and why.</param>
    /// <param name="logId">TikTok's `log_id` of the answer that says so; may be empty.</param>
    /// <param name="searchId">The search that did not bring them; empty when there was none.</param>
    /// <param name="known">What is known so far, by clause.</param>
    /// <param name="partial">The day of which some videos came; null when of none.</param>
    public static IEnumerable<ClauseDay> Gaps(
        string clauseId, MissingDays missing, string logId, string searchId, IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> known, DateOnly? partial = null)
    {
        var complete = known.GetValueOrDefault(clauseId, []).Where(day => day.State is CoverageState.Complete).Select(day => day.Day).ToHashSet();
        return missing.Days.Each().Where(day => !complete.Contains(day)).Select(day => new ClauseDay(
            clauseId,
            new()
            {
                Day = day,
                State = CoverageState.Gap,
                Reason = missing.Reason,
                Detail = missing.Detail,
                LogId = logId,
                RetryAt = missing.RetryAt ?? DateTimeOffset.UnixEpoch,
                IsPartial = day == partial,
            },
            searchId));
    }

    /// <summary>Days that a search has read to their end. What an earlier reading of them brought counts as well.</summary>
    public static IEnumerable<ClauseDay> Complete(string clauseId, Days days, SearchRecord search, IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> known)
    {
        var earlier = known.GetValueOrDefault(clauseId, []).Where(day => day.State is CoverageState.Complete && days.Contains(day.Day)).ToList();
        var before = earlier.Where(day => day.Videos is not null).ToDictionary(day => day.Day, day => day.Videos!.Value);
        var doubted = earlier.Where(IsDoubtful).Select(day => day.Day).ToHashSet();
        var brought = days.Each().Select(day => (Day: day, Videos: search.Brought?.Of(clauseId, day))).ToList();
        var detail = SilentZeros.StaysSilent(search) ? Silent
            : Suspicion.HasShrunk(before.Values.Sum(videos => (long)videos), brought.Where(each => before.ContainsKey(each.Day)).Sum(each => (long?)each.Videos)) ? Sparse
            : "";
        return brought.Select(each => new ClauseDay(
            clauseId,
            WithSecondChance(
                new()
                {
                    Day = each.Day,
                    State = CoverageState.Complete,
                    Detail = each.Day <= search.Checkpoint.DoubtfulTo ? Sparse : detail,
                    RetryAt = DateTimeOffset.UnixEpoch,
                    Videos = before.TryGetValue(each.Day, out var videos) && !(each.Videos > videos) ? videos : each.Videos,
                    ReadAt = search.Brought?.Since,
                },
                doubted),
            search.Search.SearchId));
    }

    /// <summary>What stays doubtful after that is left as it is.</summary>
    private static CoveredDay WithSecondChance(CoveredDay day, HashSet<DateOnly> doubted) =>
        IsDoubtful(day) && day.ReadAt is { } readAt && !doubted.Contains(day.Day) ? day with { RetryAt = readAt + SecondChance } : day;
}
