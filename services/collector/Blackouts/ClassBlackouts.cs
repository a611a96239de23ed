using System.Collections.Immutable;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What is known of one class at one moment, by every lab: its days, and the exploration that goes on, if any.</summary>
internal sealed record ClassBlackouts
{
    public static readonly ClassBlackouts Nothing = new();

    public ImmutableSortedDictionary<DateOnly, KnownDay> Days { get; init; } = ImmutableSortedDictionary<DateOnly, KnownDay>.Empty;

    /// <summary>The one that has not ended; null when nobody explores.</summary>
    public Exploration? Exploration { get; init; }

    /// <summary>A day may come several times, once from each lab.</summary>
    public static ClassBlackouts Of(IEnumerable<KnownDay> days, Exploration? exploration) => new()
    {
        Days = days.GroupBy(day => day.Day).ToImmutableSortedDictionary(same => same.Key, same => same.Aggregate(KnownDay.Merge)),
        Exploration = exploration is { HasEnded: false } ? exploration : null,
    };

    public KnownDay? At(DateOnly day) => Days.GetValueOrDefault(day);

    /// <summary>Whether nobody needs to ask for this day: probes look after it.</summary>
    public bool IsDark(DateOnly day) => At(day) is { IsDark: true };

    /// <summary>Stretches of dark days, in order.</summary>
    public IEnumerable<Days> DarkStretches => Collector.Days.Stretches(Days.Values.Where(known => known.IsDark).Select(known => known.Day));

    /// <summary>Whether a bad day lies at most so many days from these.</summary>
    public bool IsBadNear(Days days, int distance) =>
        Around(new(Before(days.From, distance), After(days.To, distance))).Any(known => known.Light is DayLight.Bad);

    /// <summary>Days of a stretch of which something is known, in order.</summary>
    public IEnumerable<KnownDay> Around(Days stretch) => stretch.Each().Select(At).OfType<KnownDay>();

    /// <summary>The last dark day before this one; null when there is none.</summary>
    public DateOnly? DarkBefore(DateOnly day) =>
        Days.Values.Where(known => known.IsDark && known.Day < day).Select(known => (DateOnly?)known.Day).LastOrDefault();

    public ClassBlackouts With(IEnumerable<DayNews> news) => this with
    {
        Days = Days.SetItems(Changed(news).Select(known => KeyValuePair.Create(known.Day, known))),
    };

    /// <summary>The days that this news makes or changes, as they are then.</summary>
    public IEnumerable<KnownDay> Changed(IEnumerable<DayNews> news)
    {
        Dictionary<DateOnly, KnownDay> changed = [];
        foreach (var each in news)
        {
            foreach (var day in each.Days.Each())
            {
                changed[day] = KnownDay.After(changed.GetValueOrDefault(day) ?? At(day), day, each);
            }
        }

        return changed.Values.Where(known => known != At(known.Day)).OrderBy(known => known.Day);
    }

    private static DateOnly Before(DateOnly day, int days) => day.DayNumber < days ? DateOnly.MinValue : day.AddDays(-days);

    private static DateOnly After(DateOnly day, int days) => DateOnly.MaxValue.DayNumber - day.DayNumber < days ? DateOnly.MaxValue : day.AddDays(days);
}

/// <summary>What an answer says of a class, to be kept together with the answer.</summary>
/// <param name="Class">Which class.</param>
/// <param name="Days">Of its days.</param>
/// <param name="Exploration">The exploration as it is then; null when it does not move. It counts only when nobody has moved it since.</param>
internal sealed record BlackoutNews(ClauseClass Class, IReadOnlyList<DayNews> Days, Exploration? Exploration)
{
    /// <summary>What to write, given what is known at that moment.</summary>
    public BlackoutChange Apply(ClassBlackouts known) => new(Class, [.. known.Changed(Days)], Exploration is { } next && next.Follows(known.Exploration) ? next : null);
}

/// <summary>Days of a class, and its exploration, as they are to be written; null: as it is.</summary>
internal sealed record BlackoutChange(ClauseClass Class, IReadOnlyList<KnownDay> Days, Exploration? Exploration);
