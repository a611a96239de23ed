using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>How days become known. What is complete stays complete.</summary>
internal static class DayCoverage
{
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

    public static IEnumerable<ClauseDay> Complete(string clauseId, Days days, string searchId) =>
        days.Each().Select(day => new ClauseDay(clauseId, new() { Day = day, State = CoverageState.Complete, RetryAt = DateTimeOffset.UnixEpoch }, searchId));
}
