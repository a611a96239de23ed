using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Collections in a world with blackouts and outages: the decisions of planner, shade, breaker, walker and explorer, with searches and knowledge in memory as a store keeps them.</summary>
internal sealed class BlackoutRun(BlackoutWorld world)
{
    private static readonly CollectorOptions Options = new();

    private readonly Dictionary<string, (Search Search, Checkpoint Checkpoint)> open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<DateOnly, DayLight?>> days = new(StringComparer.Ordinal);
    private int ids;

    public DateTimeOffset Now { get; set; } = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public ClassBlackouts Known { get; private set; } = ClassBlackouts.Nothing;

    public int Sent { get; private set; }

    /// <summary>Requests that brought nothing: those that failed, and controls that asked for a day again only to see whether anything answers.</summary>
    public int Wasted { get; private set; }

    /// <summary>Those of them that were sent while TikTok was down.</summary>
    public int Lost { get; private set; }

    /// <summary>Whether TikTok answers.</summary>
    public Outage Outage { get; private set; } = Outage.None;

    /// <summary>From this request on TikTok is down, for so long.</summary>
    public (int AfterSent, TimeSpan Length)? Down { get; init; }

    /// <summary>Chance that it answers a request while it is down.</summary>
    public double Luck { get; init; }

    private DateTimeOffset? downSince;

    /// <summary>Chance that a request fails for no reason.</summary>
    public double Transient { get; init; }

    public Random Chance { get; init; } = new(1);

    /// <summary>Days of the clause that were read to their end; each at most once.</summary>
    public IReadOnlyList<DateOnly> Complete(Clause clause) => [.. days[clause.ClauseId].Where(day => day.Value is null).Select(day => day.Key).Order()];

    public IReadOnlyList<DateOnly> Gaps(Clause clause, DayLight light) => [.. days[clause.ClauseId].Where(day => day.Value == light).Select(day => day.Key).Order()];

    /// <summary>Asks for the clauses and goes on until nothing is open.</summary>
    public void Collect(params Clause[] clauses)
    {
        var asked = clauses.Select(clause => Walks.Asked(clause, BlackoutWorld.Asked)).ToList();
        var coverage = days.ToDictionary(each => each.Key, IReadOnlyList<CoveredDay> (each) => [.. each.Value.Where(day => day.Value is null).Select(day => new CoveredDay { Day = day.Key, State = CoverageState.Complete })], StringComparer.Ordinal);
        var state = PlanningState.Nothing with { Coverage = coverage, Blackouts = new Dictionary<ClauseClass, ClassBlackouts> { [clauses[0].Class] = Known } };
        var plan = Planner.Decide(asked, [], state, new("default", Priority.Interactive, "", Now, () => $"{++ids:00000}"), Options);
        foreach (var clause in clauses)
        {
            days.TryAdd(clause.ClauseId, []);
        }

        foreach (var (clauseId, dark) in plan.Dark)
        {
            Leave(clauseId, dark);
        }

        foreach (var search in plan.Searches)
        {
            open.Add(search.SearchId, (search, Checkpoint.Start));
        }

        while (open.Count > 0)
        {
            Step();
        }
    }

    /// <summary>Plans again as the mesh does for collections that lack days, until there is nothing to ask.</summary>
    public void CollectUntilNothingChanges(params Clause[] clauses)
    {
        for (var sent = -1; sent != Sent;)
        {
            sent = Sent;
            Collect(clauses);
        }
    }

    /// <summary>One turn of the runner: what may be sent, by which search, or how long to wait.</summary>
    private void Step()
    {
        var gate = Breaker.Of(Outage, Now);
        if (gate is Gate.Shut)
        {
            Now = Outage.NextTryAt;
            return;
        }

        var exploration = Known.Exploration;
        var candidates = open.Values
            .OrderBy(each => each.Checkpoint.NotBefore > Now)
            .ThenBy(each => exploration is null || (exploration.By.Length > 0 ? exploration.By != each.Search.SearchId : !each.Search.Window.Contains(exploration.Anchor)))
            .ThenBy(each => each.Search.SearchId, StringComparer.Ordinal)
            .ToList();
        if (gate is Gate.Control)
        {
            Check(candidates);
            return;
        }

        (Search Search, Checkpoint Checkpoint)? unproven = null;
        foreach (var next in candidates.Where(each => each.Checkpoint.NotBefore <= Now))
        {
            switch (Shade.Of(next.Search, next.Checkpoint, Known, Outage, Now, Options))
            {
                case Shade.Turns { Turn: var turn }:
                    Take(turn.News);
                    Finish(next.Search, turn.Step);
                    return;
                case Shade.None:
                    Send(next.Search, next.Checkpoint, control: null);
                    return;
                case Shade.Unproven:
                    unproven ??= next;
                    break;
            }
        }

        if (unproven is { } carrier)
        {
            Check([carrier]);
        }
        else if (candidates.Where(each => each.Checkpoint.NotBefore > Now).Select(each => (DateTimeOffset?)each.Checkpoint.NotBefore).Min() is { } later)
        {
            Now = later;
        }
        else if (exploration?.IsFresh(Now) is true)
        {
            Now = exploration.At + Exploration.Patience;
        }
        else
        {
            throw new InvalidOperationException($"Everything waits for an exploration that nobody carries on: {exploration}");
        }
    }

    private void Check(IReadOnlyList<(Search Search, Checkpoint Checkpoint)> candidates)
    {
        var useful = Control.Useful(candidates.Select(each => new OpenSearch(each.Search, each.Checkpoint, [])), Outage, Now);
        var (search, checkpoint) = useful is null ? candidates[0] : (useful.Search, useful.Checkpoint);
        Outage = Breaker.Claimed(Outage, Now) ?? Outage;
        Send(search, checkpoint, useful is null ? Control.Any(Outage, Now) : new Control(Day: null));
    }

    /// <summary>Whether TikTok is down; a request may be answered all the same.</summary>
    private bool IsDown()
    {
        if (Down is not { } down || Sent < down.AfterSent)
        {
            return false;
        }

        downSince ??= Now;
        return Now < downSince + down.Length;
    }

    private void Send(Search search, Checkpoint checkpoint, Control? control)
    {
        Now = Now.AddSeconds(1);
        var isDown = IsDown();
        var fails = (control?.Day is null && world.Fails(search.Window)) || (isDown && Chance.NextDouble() >= Luck) || Chance.NextDouble() < Transient;
        Sent++;
        Lost += isDown && (fails || control?.Day is not null) ? 1 : 0;
        Wasted += fails || control?.Day is not null ? 1 : 0;
        var outcome = fails
            ? new Outcome { Class = ApiErrorClass.Internal, Code = "internal_error", LogId = $"log{Sent}" }
            : new Outcome { Class = ApiErrorClass.Ok, Code = "ok", Cursor = 0, TikTokSearchId = "7" };
        Outage = Breaker.After(Outage, Answer.Of(search, checkpoint, outcome, control, Known), Now, Options);
        if (control?.Day is not null)
        {
            open[search.SearchId] = (search, checkpoint with { Attempt = checkpoint.Attempt + 1 });
            return;
        }

        var own = open.Values.Select(each => each.Search).Where(each => each.Clauses[0].Clause.ClauseId == search.Clauses[0].Clause.ClauseId);
        var end = SearchSurroundings.EndOf(search.Window, own.Select(each => each.Window));
        var step = Walker.Decide(search, checkpoint, outcome, new Surroundings(Known, end) { Outage = Outage }, Now, Options);
        Take(step.News);
        if (step is Step.GoOn goOn)
        {
            open[search.SearchId] = (search, goOn.Next);
            return;
        }

        Finish(search, (Step.Finished)step);
    }

    private void Take(BlackoutNews? news)
    {
        if (news?.Apply(Known) is { } change)
        {
            Known = ClassBlackouts.Of([], change.Exploration ?? Known.Exploration) with { Days = Known.Days.SetItems(change.Days.Select(day => KeyValuePair.Create(day.Day, day))) };
        }
    }

    private void Finish(Search search, Step.Finished? finished)
    {
        if (finished is null)
        {
            return;
        }

        open.Remove(search.SearchId);
        foreach (var clause in search.Clauses)
        {
            foreach (var day in finished.Covered is { } covered ? clause.Days.Intersect(covered)?.Each() ?? [] : [])
            {
                if (!days[clause.Clause.ClauseId].TryAdd(day, null))
                {
                    if (days[clause.Clause.ClauseId][day] is null)
                    {
                        throw new InvalidOperationException($"{day} was read twice.");
                    }

                    days[clause.Clause.ClauseId][day] = null;
                }
            }

            foreach (var dark in finished.Dark)
            {
                Leave(clause.Clause.ClauseId, dark);
            }
        }

        foreach (var successor in finished.Successors)
        {
            open.Add(successor.SearchId, (successor, Checkpoint.Start));
        }
    }

    private void Leave(string clauseId, DarkDays dark)
    {
        foreach (var day in dark.Days.Each())
        {
            days[clauseId][day] = dark.Light;
        }
    }
}
