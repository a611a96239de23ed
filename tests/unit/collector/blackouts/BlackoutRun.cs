using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>Collections in a world with blackouts: the decisions of planner, shade, walker and explorer, with searches and knowledge in memory as a store keeps them.</summary>
internal sealed class BlackoutRun(BlackoutWorld world)
{
    private static readonly CollectorOptions Options = new();

    private readonly Dictionary<string, (Search Search, Checkpoint Checkpoint)> open = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<DateOnly, DayLight?>> days = new(StringComparer.Ordinal);
    private int ids;

    public DateTimeOffset Now { get; set; } = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);

    public ClassBlackouts Known { get; private set; } = ClassBlackouts.Nothing;

    public int Sent { get; private set; }

    public int Wasted { get; private set; }

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

    private void Step()
    {
        var exploration = Known.Exploration;
        var next = open.Values
            .OrderBy(each => each.Checkpoint.NotBefore > Now)
            .ThenBy(each => exploration is null || (exploration.By.Length > 0 ? exploration.By != each.Search.SearchId : !each.Search.Window.Contains(exploration.Anchor)))
            .ThenBy(each => each.Search.SearchId, StringComparer.Ordinal)
            .Select(each => (each.Search, each.Checkpoint, Shade: Shade.Of(each.Search, each.Checkpoint, Known, Now)))
            .FirstOrDefault(each => each.Shade is not Shade.Held);
        if (next.Search is null)
        {
            throw new InvalidOperationException($"Everything waits for an exploration that nobody carries on: {exploration}");
        }

        if (next.Shade is Shade.Turns { Turn: var turn })
        {
            Take(turn.News);
            Finish(next.Search, turn.Step);
            return;
        }

        Now = next.Checkpoint.NotBefore > Now ? next.Checkpoint.NotBefore : Now.AddSeconds(1);
        Send(next.Search, next.Checkpoint);
    }

    private void Send(Search search, Checkpoint checkpoint)
    {
        Sent++;
        var fails = world.Fails(search.Window) || Chance.NextDouble() < Transient;
        Wasted += fails ? 1 : 0;
        var outcome = fails
            ? new Outcome { Class = ApiErrorClass.Internal, Code = "internal_error", LogId = $"log{Sent}" }
            : new Outcome { Class = ApiErrorClass.Ok, Code = "ok", Cursor = 0, TikTokSearchId = "7" };
        var own = open.Values.Select(each => each.Search).Where(each => each.Clauses[0].Clause.ClauseId == search.Clauses[0].Clause.ClauseId);
        var end = SearchSurroundings.EndOf(search.Window, own.Select(each => each.Window));
        var step = Walker.Decide(search, checkpoint, outcome, new Surroundings(Known, end), Now, Options);
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
