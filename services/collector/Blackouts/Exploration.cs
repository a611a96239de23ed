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
    public DateOnly Anchor => IsBackwards ? Test.To : Test.From;

    public bool IsFresh(DateTimeOffset now) => now - At < Patience;

    /// <summary>Whether this is the next state of the other, or an exploration where there is none, or only one that was left behind.</summary>
    public bool Follows(Exploration? other) => other is null || (other.Id == Id ? other.Sequence + 1 == Sequence : !other.IsFresh(At));

    public Exploration Claimed(string searchId, DateTimeOffset now) => this with { By = searchId, At = now, Sequence = Sequence + 1 };

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

    private Days Nearest(int days) => IsBackwards ? new(Near.AddDays(1 - days), Near) : new(Near, Near.AddDays(days - 1));

    private Days Single(long dayNumber)
    {
        var day = DateOnly.FromDayNumber((int)Math.Min(dayNumber, End.DayNumber));
        return new(day, day);
    }
}
