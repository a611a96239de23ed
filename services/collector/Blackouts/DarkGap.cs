using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Days of a class that a collection lacks because of a blackout.</summary>
internal sealed record DarkGap(ClauseClass Class, Days Days)
{
    /// <summary>In order, each stretch of a class once. Gaps that say themselves when to ask again are not among them, nor what a sample lacks.</summary>
    public static IReadOnlyList<DarkGap> Of(CollectionFacts facts) =>
    [
        .. from asked in facts.Asked
           where !asked.IsList && !asked.Clause.IsRandom
           from day in facts.Coverage.GetValueOrDefault(asked.Clause.ClauseId, [])
           where asked.Days.Contains(day.Day) && day is { State: CoverageState.Gap, Reason: GapReason.Blackout or GapReason.BlackoutSuspect } && day.RetryAt <= DateTimeOffset.UnixEpoch
           group day.Day by asked.Clause.Class into dark
           orderby dark.Key
           from stretch in Days.Stretches(dark.Distinct().Order())
           select new DarkGap(dark.Key, stretch),
    ];
}
