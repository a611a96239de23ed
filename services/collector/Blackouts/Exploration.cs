using System.Text.Json.Serialization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What an exploration is at.</summary>
internal enum ExplorationStage
{
    /// <summary>A window failed where nothing was dark before: once more, for it may have been chance.</summary>
    Confirm,

    /// <summary>A window failed: halving it finds its first bad day.</summary>
    Bisect,

    /// <summary>A run of bad days has begun: single days, each twice as far as the one before, until one answers.</summary>
    Gallop,

    /// <summary>A bad day and a good one behind it: halving finds where the run ends.</summary>
    Edge,

    /// <summary>A long stretch inside the run was jumped over: its middle.</summary>
    Middle,

    /// <summary>From a good day on: windows that double.</summary>
    Sweep,
}

/// <summary>
/// The search for the edges of what is dark, one of a class at a time, over as many searches as it takes. Where it stands; <see cref="Explorer"/> moves it.
/// Whichever search holds the day that it wants next lends it, is paid for as always, and brings its videos when it succeeds.
/// </summary>
internal sealed record Exploration
{
    /// <summary>An exploration that nobody has moved for so long holds nobody up, and any search may carry it on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The search that began it.</summary>
    public required string Id { get; init; }

    public required ClauseClass Class { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it last moved.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Rises with each move.</summary>
    public long Sequence { get; init; }

    public bool HasEnded { get; init; }

    /// <summary>The search that makes the test it stands before; empty when none does yet.</summary>
    public string By { get; init; } = "";

    public required ExplorationStage Stage { get; init; }

    /// <summary>Whether it goes backwards in time.</summary>
    public bool IsBackwards { get; init; }

    /// <summary>Confirm and Bisect: the failed window from the side where it is good. Sweep: the next day. Middle: the day.</summary>
    public required DateOnly Near { get; init; }

    /// <summary>Confirm and Bisect: the other end of the failed window. Edge: the first day behind the run known to be good. Sweep: the last day to go to.</summary>
    public required DateOnly Far { get; init; }

    /// <summary>Gallop: how far the next day is from the first of the run. Sweep: days of the next window.</summary>
    public int Width { get; init; } = 1;

    /// <summary>The run of bad days that was found last.</summary>
    public Days? Run { get; init; }

    /// <summary>The last day that somebody asks for.</summary>
    public required DateOnly End { get; init; }

    /// <summary>Searches of the class that touch this day or later ones wait.</summary>
    public required DateOnly HoldsFrom { get; init; }

    /// <summary>When its last test failed that nothing has been answered after; null when there is none. Until then it may be TikTok that is down.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>What follows if it is not, in order: days that are dark, and what was found good among them since.</summary>
    public IReadOnlyList<DayNews> Unproven { get; init; } = [];

    /// <summary>Where it stood when something was last answered, to go back to if it is; only with <see cref="FailedAt"/>.</summary>
    public Exploration? Before { get; init; }

    /// <summary>Nothing is left to test; it has ended once what it found is proven.</summary>
    public bool IsOver { get; init; }

    /// <summary>What it asks for next.</summary>
    [JsonIgnore]
    public Days Test => Stage switch
    {
        ExplorationStage.Confirm => new(Near, Far),
        ExplorationStage.Bisect => Nearest((Math.Abs(Far.DayNumber - Near.DayNumber) + 1) / 2),
        ExplorationStage.Gallop => Single(Run!.Value.From.DayNumber + (long)Width),
        ExplorationStage.Edge => Single(Run!.Value.To.DayNumber + ((Far.DayNumber - Run.Value.To.DayNumber) / 2)),
        ExplorationStage.Middle => new(Near, Near),
        _ => Nearest(Math.Min(Width, Math.Abs(Far.DayNumber - Near.DayNumber) + 1)),
    };

    /// <summary>The day of the test that whoever makes it must hold.</summary>
    [JsonIgnore]
    public DateOnly Anchor => IsOver ? Unproven.SelectMany(news => news.Days.Each()).First(IsDoubtful) : IsBackwards ? Test.To : Test.From;

    public bool IsFresh(DateTimeOffset now) => now - At < Patience;

    /// <summary>Whether this is the next state of the other, or an exploration where there is none, or only one that was left behind.</summary>
    public bool Follows(Exploration? other) => other is null || (other.Id == Id ? other.Sequence + 1 == Sequence : !other.IsFresh(At));

    public Exploration Claimed(string searchId, DateTimeOffset now) => this with { By = searchId, At = now, Sequence = Sequence + 1 };

    /// <summary>Whether these days wait until it is proven that they are dark.</summary>
    public bool Doubts(Days days) => Unproven.Count > 0 && days.Each().Any(IsDoubtful);

    /// <summary>What it is after a test that failed. What that says of days counts once something else has been answered.</summary>
    /// <param name="next">Where it stands then.</param>
    /// <param name="news">What the failure says.</param>
    /// <param name="now">When it came.</param>
    public Exploration Failed(Exploration next, IEnumerable<DayNews> news, DateTimeOffset now) =>
        next.Awaiting(news) with { FailedAt = now, Before = Before ?? this };

    /// <summary>Whether the test that it stands before is of a part of a window that has failed whole: when that fails too, it says little more.</summary>
    [JsonIgnore]
    public bool IsNarrowing => Stage is ExplorationStage.Confirm or ExplorationStage.Bisect;

    /// <summary>The same with more to be proven before it can end.</summary>
    public Exploration Awaiting(IEnumerable<DayNews> news)
    {
        var unproven = Unproven.Concat(news).ToList();
        return HasEnded && unproven.Any(each => each.IsDark)
            ? this with { Unproven = unproven, IsOver = true, HasEnded = false, HoldsFrom = DateOnly.MaxValue }
            : this with { Unproven = unproven };
    }

    /// <summary>
    /// What follows once something was answered after its failures: they stand, and what they say of days is news. After an outage they do not, and it goes
    /// on where it stood before. Null as long as neither is known.
    /// </summary>
    public (Exploration Next, IReadOnlyList<DayNews> News)? Settled(Outage outage, ClassBlackouts known, DateTimeOffset now)
    {
        if (FailedAt is not { } failedAt)
        {
            return null;
        }

        if (outage.Last?.Contains(failedAt) is true)
        {
            // Who made that test may be gone: any search that holds it does.
            return Explorer.Resume(Before! with { Sequence = Sequence + 1, At = now, By = "" }, known, now);
        }

        return outage.AliveAt > failedAt
            ? (this with { Sequence = Sequence + 1, At = now, FailedAt = null, Unproven = [], Before = null, IsOver = false, HasEnded = IsOver }, Unproven)
            : null;
    }

    /// <summary>The one that counts of those that labs have kept of a class: each as it moved last, and of several the first; null when all have ended.</summary>
    public static Exploration? Of(IEnumerable<Exploration> kept) =>
        kept.GroupBy(each => each.Id, StringComparer.Ordinal)
            .Select(same => same.MaxBy(each => each.Sequence)!)
            .Where(each => !each.HasEnded)
            .OrderBy(each => each.StartedAt)
            .ThenBy(each => each.Id, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>What a search with this window can test: the side of the test that must be tested.</summary>
    public Days Within(Days window) => Test.Intersect(window) ?? window;

    private bool IsDoubtful(DateOnly day) => Unproven.LastOrDefault(news => news.Days.Contains(day)) is { IsDark: true };

    private Days Nearest(int days) => IsBackwards ? new(Near.AddDays(1 - days), Near) : new(Near, Near.AddDays(days - 1));

    private Days Single(long dayNumber)
    {
        var day = DateOnly.FromDayNumber((int)Math.Min(dayNumber, End.DayNumber));
        return new(day, day);
    }
}
