using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>How days become known. What is complete stays complete.</summary>
internal static class DayCoverage
{
    /// <summary>Detail of a day that was read to its end on pages which stayed suspect.</summary>
    private const string Sparse = "sparse";

    /// <summary>Whether a day was read to its end and may lack videos all the same.</summary>
    public static bool IsDoubtful(CoveredDay? day) => day is { State: CoverageState.Complete, Detail: Sparse };

    public static IEnumerable<ClauseDay> Gaps(string clauseId, MissingDays missing, string logId, string searchId, IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> known)
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
            },
            searchId));
    }

    public static IEnumerable<ClauseDay> Complete(string clauseId, Days days, string searchId, DateOnly? doubtfulTo) =>
        days.Each().Select(day => new ClauseDay(
            clauseId,
            new() { Day = day, State = CoverageState.Complete, Detail = day <= doubtfulTo ? Sparse : "", RetryAt = DateTimeOffset.UnixEpoch },
            searchId));
}
