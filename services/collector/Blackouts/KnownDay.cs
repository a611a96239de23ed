using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Whether TikTok answers for a class and a day.</summary>
internal enum DayLight
{
    /// <summary>It answered when it was asked last.</summary>
    Good,

    /// <summary>It answered 500.</summary>
    Bad,

    /// <summary>Not asked: between days that are bad.</summary>
    Suspect,

    /// <summary>It was dark, and days beside it answer again: whoever wants it asks.</summary>
    Waking,
}

/// <summary>What the mesh knows of one UTC day of a class, whichever lab found out. Days of which nothing is known have none.</summary>
internal sealed record KnownDay
{
    /// <summary>Evidence of one day is kept up to here, the first ones.</summary>
    private const int MostLogIds = 5;

    public required DateOnly Day { get; init; }

    public required DayLight Light { get; init; }

    /// <summary>When it was first found dark; of a day that never was, when it was first asked for.</summary>
    public required DateTimeOffset FirstAt { get; init; }

    /// <summary>When it was last found as it is.</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <summary>How often it was asked for and answered 500; 0: it never was dark by any test.</summary>
    public int Tries { get; init; }

    /// <summary>TikTok's `log_id`s of answers that say so; of a suspect day those of the days beside it.</summary>
    public IReadOnlyList<string> LogIds { get; init; } = [];

    public bool IsDark => Light is DayLight.Bad or DayLight.Suspect;

    /// <summary>It was dark once and is not any more.</summary>
    public bool IsHealed => Light is DayLight.Good && LogIds.Count > 0;

    /// <summary>The same day after news of it. A guess changes nothing that was tested.</summary>
    public static KnownDay After(KnownDay? before, DateOnly day, DayNews news)
    {
        if (before is { IsDark: true } && news.Light is DayLight.Suspect)
        {
            return before;
        }

        var logIds = !news.IsDark || news.LogId.Length == 0 ? [] : new[] { news.LogId };
        return new()
        {
            Day = day,
            Light = news.Light,
            FirstAt = before is null || (before.Light is DayLight.Good && news.IsDark) ? news.At : before.FirstAt,
            LastAt = news.At,
            Tries = (before?.Tries ?? 0) + (news.Light is DayLight.Bad ? 1 : 0),
            LogIds = [.. (before?.LogIds ?? []).Union(logIds, StringComparer.Ordinal).Take(MostLogIds)],
        };
    }

    /// <summary>What two labs found out about one day: the last test counts, and every test is evidence.</summary>
    public static KnownDay Merge(KnownDay one, KnownDay other)
    {
        // A guess counts for less than a test, except that a day wakes when others beside it have answered.
        var isOther = Weight(other).CompareTo(Weight(one)) > 0;
        return (isOther ? other : one) with
        {
            FirstAt = one.FirstAt < other.FirstAt ? one.FirstAt : other.FirstAt,
            Tries = one.Tries + other.Tries,
            LogIds = [.. one.LogIds.Union(other.LogIds, StringComparer.Ordinal).Take(MostLogIds)],
        };
    }

    private static (bool IsTold, DateTimeOffset At) Weight(KnownDay day) => (day.Light is not DayLight.Suspect, day.LastAt);
}

/// <summary>What one answer says of days.</summary>
/// <param name="Days">Which.</param>
/// <param name="Light">What they are found to be.</param>
/// <param name="LogId">TikTok's `log_id` of the answer; may be empty.</param>
/// <param name="At">When it came.</param>
internal sealed record DayNews(Days Days, DayLight Light, string LogId, DateTimeOffset At)
{
    public bool IsDark => Light is DayLight.Bad or DayLight.Suspect;
}
