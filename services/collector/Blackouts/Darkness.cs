using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What a search can know of what lies around it.</summary>
/// <param name="Known">Of its class.</param>
/// <param name="End">The last day for which its clauses are asked without a hole.</param>
internal sealed record Surroundings(ClassBlackouts Known, DateOnly End)
{
    /// <summary>What the lab knows of merging its class; looked up when it may say why an answer failed.</summary>
    public MergeKnowledge Merging { get; init; } = MergeKnowledge.Nothing;

    /// <summary>Whether TikTok answers at all, this answer included.</summary>
    public Outage Outage { get; init; } = Outage.None;
}

/// <summary>What follows from the first answer of a search, a 500 above all, as far as it tells of blackouts: pure.</summary>
internal static class Darkness
{
    /// <summary>A 500 so near to a bad day needs no confirmation: two failures by chance are likelier than that.</summary>
    public const int NearDays = 31;

    /// <summary>TikTok answered 500 for the first page.</summary>
    public static Step Met(Search search, Checkpoint checkpoint, Outcome outcome, Surroundings around, DateTimeOffset now, CollectorOptions options)
    {
        var (known, goesOn) = (around.Known, around.Known.Exploration);
        checkpoint = checkpoint with { AsksWitness = false };
        if (goesOn is not null && goesOn.By == search.SearchId)
        {
            var (at, proven) = Settled(known, around.Outage, now);
            var (next, news) = Explorer.After(at, search.Window, isGood: false, known.With(proven).With(at.Unproven), outcome.LogId, now);
            return Await(checkpoint, news, now, options) with { News = new(search.Class, proven, at.Failed(next, news, around.Outage.FailureAt(now))) };
        }

        if (search.IsProbe)
        {
            DayNews[] still = [new(search.Window, DayLight.Bad, outcome.LogId, now)];
            return LeaveBad(search, known.With(still)) with { News = new(search.Class, still, Exploration: null) };
        }

        var again = new Step.GoOn(checkpoint with
        {
            Attempt = checkpoint.Attempt + 1,
            Confirmations = checkpoint.Confirmations + 1,
            NotBefore = now + options.ConfirmPause,
            AsksWitness = checkpoint.Confirmations == 0 && Witness.IsFor(search),
        });
        if (goesOn is { IsOver: false } && goesOn.IsFresh(now))
        {
            // One of a class at a time: this search comes when that exploration is over.
            return again;
        }

        // One that only waits for proof goes on in this one, and takes with it what is to be proven.
        var (over, said) = goesOn is { IsOver: true } ? Settled(known, around.Outage, now) : ((Exploration?)null, []);
        var seen = known.With(said).With(over?.Unproven ?? []);
        var isCertain = checkpoint.Confirmations > 0 || seen.IsBadNear(search.Window, NearDays);
        var (begun, found) = Explorer.Begin(search, around.End, seen, outcome.LogId, now, isCertain);
        begun = over is null ? begun : begun with { Id = over.Id, Sequence = over.Sequence + 1, Unproven = over.Unproven };
        return (isCertain ? Await(checkpoint, found, now, options) : again) with { News = new(search.Class, said, (over ?? begun with { HasEnded = true }).Failed(begun, found, around.Outage.FailureAt(now))) };
    }

    /// <summary>Any other answer: a success may be the test that an exploration waits for, and days that were dark are not any more.</summary>
    public static Step Tell(Search search, Outcome outcome, Step step, Surroundings around, DateTimeOffset now)
    {
        var known = around.Known;
        var isTest = known.Exploration is { } exploration && exploration.By == search.SearchId;
        if (outcome.Class is ApiErrorClass.Ok)
        {
            var (next, news) = isTest ? Answered(search, known, around.Outage, outcome.LogId, now) : (null, Healed(search, known, now));
            return next is null && news.Count == 0 ? step : step with { News = new(search.Class, news, next) };
        }

        // Whatever else ends the search that tests leaves the exploration to whoever meets the dark next.
        return isTest && step is Step.Finished
            ? step with { News = new(search.Class, [], known.Exploration!.Claimed("", now) with { HasEnded = true, FailedAt = null, Unproven = [], Before = null }) }
            : step;
    }

    /// <summary>A test succeeded. As long as that does not prove the failures before it, what it says of dark days waits with them.</summary>
    private static (Exploration Next, IReadOnlyList<DayNews> News) Answered(Search search, ClassBlackouts known, Outage outage, string logId, DateTimeOffset now)
    {
        var (at, proven) = Settled(known, outage, now);
        var (next, news) = Explorer.After(at, search.Window, isGood: true, known.With(proven).With(at.Unproven), logId, now);
        return at.FailedAt is null
            ? (next, [.. proven, .. news])
            : (next.Awaiting(news), [.. news.Where(each => !each.IsDark)]);
    }

    /// <summary>The exploration as it stands for its next move, which counts as one with this.</summary>
    private static (Exploration At, IReadOnlyList<DayNews> Proven) Settled(ClassBlackouts known, Outage outage, DateTimeOffset now) =>
        known.Exploration!.Settled(outage, known, now) is { } settled && settled.Next.By == known.Exploration.By
            ? (settled.Next with { Sequence = known.Exploration.Sequence }, settled.News)
            : (known.Exploration, []);

    /// <summary>The search stays where it is. What is found dark becomes a gap once that is proven, so it need not be looked at again in this moment.</summary>
    private static Step Await(Checkpoint checkpoint, IReadOnlyList<DayNews> found, DateTimeOffset now, CollectorOptions options) =>
        new Step.GoOn(checkpoint with { Attempt = checkpoint.Attempt + 1, Confirmations = checkpoint.Confirmations + 1, NotBefore = found.Count > 0 ? now + (options.ConfirmPause / 10) : now });

    /// <summary>What a search that asks for days that are known to be dark leaves: gaps there, and searches for what is light between them.</summary>
    public static Step.Finished Leave(Search search, ClassBlackouts known) => Leave(search, day => known.IsDark(day) ? known.At(day) : null);

    /// <summary>The same for a search that has just failed: what is only suspect may be tested yet.</summary>
    private static Step.Finished LeaveBad(Search search, ClassBlackouts known) =>
        Leave(search, day => known.At(day) is { Light: DayLight.Bad } bad ? bad : null);

    private static Step.Finished Leave(Search search, Func<DateOnly, KnownDay?> darkAt) =>
        new(Covered: null, Missing: null, Parts(search, Days.Stretches(search.Window.Each().Where(day => darkAt(day) is null))))
        {
            Dark = [.. search.Window.Each().Select(darkAt).OfType<KnownDay>().Select(DarkDays.Of)],
        };

    /// <summary>Searches that take over these parts of another; parts in which nothing is asked for are left out. Each keeps its place in the line.</summary>
    public static IReadOnlyList<Search> Parts(Search search, IEnumerable<Days> parts) =>
        [.. parts.Select((part, i) => search.Within(part) with { SearchId = $"{search.SearchId}k{i}", Restarts = 0 }).Where(part => search.AsksFor(part.Window))];

    /// <summary>Days that were dark are good, and the dark days beside them wake: twice as many on each side as have answered, so that a range that heals is swept in steps that double.</summary>
    private static List<DayNews> Healed(Search search, ClassBlackouts known, DateTimeOffset now)
    {
        var healed = Days.Stretches(known.Around(search.Window).Where(day => day.Light is not DayLight.Good).Select(day => day.Day)).ToList();
        List<DayNews> news = [.. healed.Select(days => new DayNews(days, DayLight.Good, "", now))];
        if (healed.Count == 0)
        {
            return news;
        }

        var step = Math.Min(Explorer.LongestUntested, 2 * search.Window.Count);
        var before = Enumerable.Range(1, step).Select(i => search.Window.From.AddDays(-i)).TakeWhile(known.IsDark).Count();
        var after = Enumerable.Range(1, step).Select(i => search.Window.To.AddDays(i)).TakeWhile(known.IsDark).Count();
        if (before > 0)
        {
            news.Add(new(new(search.Window.From.AddDays(-before), search.Window.From.AddDays(-1)), DayLight.Waking, "", now));
        }

        if (after > 0)
        {
            news.Add(new(new(search.Window.To.AddDays(1), search.Window.To.AddDays(after)), DayLight.Waking, "", now));
        }

        return news;
    }
}
