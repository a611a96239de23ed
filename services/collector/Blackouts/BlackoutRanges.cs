using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What is known of a class, in stretches of days for callers: pure.</summary>
internal static class BlackoutRanges
{
    /// <summary>Evidence of one range is told up to here.</summary>
    public const int MostLogIds = 20;

    /// <summary>Dark, healed and reported days, in order.</summary>
    public static IEnumerable<Blackout> Of(ClauseClass clauseClass, ClassBlackouts known) =>
        Stretches(clauseClass, known, BlackoutState.Dark, day => day.IsDark || day.Light is DayLight.Waking)
            .Concat(Stretches(clauseClass, known, BlackoutState.Healed, day => day.IsHealed))
            .Concat(ReportedBlackouts.Untested(clauseClass, known).Select(days => Reported(clauseClass, days)))
            .OrderBy(blackout => blackout.Days.From, StringComparer.Ordinal);

    public static Blackout Reported(ClauseClass clauseClass, Days days) => new() { Class = clauseClass, Days = days.ToRange(), State = BlackoutState.Reported };

    private static IEnumerable<Blackout> Stretches(ClauseClass clauseClass, ClassBlackouts known, BlackoutState state, Func<KnownDay, bool> isOf) =>
        from stretch in Days.Stretches(known.Days.Values.Where(isOf).Select(day => day.Day))
        let days = known.Around(stretch).ToList()
        select new Blackout
        {
            Class = clauseClass,
            Days = stretch.ToRange(),
            State = state,
            VerifiedDays = days.Count(day => day.Light is DayLight.Good or DayLight.Bad),
            SuspectDays = days.Count(day => day.Light is DayLight.Suspect or DayLight.Waking),
            FirstSeen = days.Min(day => day.FirstAt).ToTimestamp(),
            LastSeen = days.Max(day => day.LastAt).ToTimestamp(),
            LastFound = days.Max(day => day.FirstAt).ToTimestamp(),
            Tries = days.Sum(day => (long)day.Tries),
            LogIds = { days.SelectMany(day => day.LogIds).Distinct(StringComparer.Ordinal).Take(MostLogIds) },
        };
}
