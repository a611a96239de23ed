extern alias worlds;

using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using worlds::IssueObservatory.Mesh.Tests.Collecting;
using static System.FormattableString;

namespace IssueObservatory.Mesh.Bench;

/// <summary>
/// Five years of which 531 days answer 500, as was reported, and a thousand worlds drawn at random, through the real planner, shade, breaker, walker and
/// explorer. Other clients are modelled by their windows and how often they try one.
/// </summary>
internal sealed class BlackoutsWorld : IWorld
{
    private const int Random = 1_000;
    private const int Terms = 20;
    private const int DaysAfter = 30;

    public string Name => "Blackouts";

    public string About =>
        "1,827 days, of them 518 in one run and 13 scattered over a month answer 500, and so does each window that touches one; the answer is charged. "
        + "Wasted is what brought nothing. Worlds at random: one to eight runs of a day to two years, seeds 0 to 999.";

    public Task<IReadOnlyList<WorldLine>> RunAsync(CancellationToken cancellationToken)
    {
        var world = BlackoutWorld.Reported();
        var one = Collected(world, 1);
        var twenty = Collected(world, Terms);
        var (wasted, sent) = (one.Wasted, one.Sent);
        var complete = one.Complete(Word(0)).Count;
        one.Collect(Word(Terms));
        var (again, days) = (one.Wasted - wasted, Afterwards(one));
        var drawn = Enumerable.Range(0, Random).Select(seed => Draw(seed, cancellationToken)).ToList();
        var waste = drawn.Select(each => each.Waste).Order().ToList();
        var covered = drawn.Select(each => each.Covered).Order().ToList();
        return Task.FromResult<IReadOnlyList<WorldLine>>(
        [
            new("other clients, one term: windows of 7 days, the end read twice, 5 tries (C4D's default)", Text(Peer(world, 7, 8, 5))),
            new("other clients, one term: windows of 30 days, 5 tries (traktok)", Text(Peer(world, 30, 30, 5))),
            new("other clients, one term: windows of 31 days, one try", Text(Peer(world, 31, 31, 1))),
            new("ours, one term", Invariant($"{sent:#,0} requests, {wasted:#,0} wasted, {complete:#,0} of {BlackoutWorld.Asked.Count - world.BadDays:#,0} good days"), "≤ 60 wasted", wasted <= 60),
            new(Invariant($"ours, {Terms} terms"), Invariant($"{twenty.Wasted} wasted"), "≤ 60", twenty.Wasted <= 60),
            new("a second collection of the same days", Invariant($"{again} wasted"), "0", again == 0),
            new(Invariant($"the {DaysAfter} days after, the worst of them"), Invariant($"{days.Max()} wasted ({days.Sum()} in all)"), "≤ 20", days.Max() <= 20),
            new("worlds at random: wasted by Σ⌈log2(n+1)⌉ of their runs, median", Invariant($"{waste[Random / 2]:0.00}"), "≤ 3", waste[Random / 2] <= 3),
            new("the same, worst", Invariant($"{waste[^1]:0.00}"), "≤ 6", waste[^1] <= 6),
            new("good days read on the first pass, p5", Invariant($"{covered[Random / 20]:0.00%}"), "≥ 99 %", covered[Random / 20] >= 0.99),
            new("the same, worst", Invariant($"{covered[0]:0.00%}"), "≥ 95 %", covered[0] >= 0.95),
        ]);
    }

    private static BlackoutRun Collected(BlackoutWorld world, int terms)
    {
        var run = new BlackoutRun(world);
        run.Collect([.. Enumerable.Range(0, terms).Select(Word)]);
        return run;
    }

    /// <summary>What each of the days after wastes, with probes and nothing that heals.</summary>
    private static List<int> Afterwards(BlackoutRun run)
    {
        var begin = run.Now;
        List<int> wasted = [];
        for (var day = 1; day <= DaysAfter; day++)
        {
            var before = run.Wasted;
            run.Now = begin.AddDays(day);
            run.CollectUntilNothingChanges(Word(0));
            wasted.Add(run.Wasted - before);
        }

        return wasted;
    }

    private static (double Waste, double Covered) Draw(int seed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var world = BlackoutWorld.Random(seed);
        var run = Collected(world, 1);
        return ((double)run.Wasted / Math.Max(1, world.Least), (double)run.Complete(Word(0)).Count / (BlackoutWorld.Asked.Count - world.BadDays));
    }

    /// <summary>Windows one after the other, each tried so often when it fails.</summary>
    private static (int Requests, int Wasted) Peer(BlackoutWorld world, int step, int length, int tries)
    {
        var (requests, wasted) = (0, 0);
        for (var from = BlackoutWorld.Asked.From; from <= BlackoutWorld.Asked.To; from = from.AddDays(step))
        {
            var to = from.AddDays(length - 1) < BlackoutWorld.Asked.To ? from.AddDays(length - 1) : BlackoutWorld.Asked.To;
            var fails = world.Fails(new(from, to));
            requests += fails ? tries : 1;
            wasted += fails ? tries : 0;
        }

        return (requests, wasted);
    }

    private static string Text((int Requests, int Wasted) peer) => Invariant($"{peer.Requests:#,0} requests, {peer.Wasted:#,0} wasted");

    private static Clause Word(int number) => Walks.Word(Invariant($"ord{number}"));
}
