extern alias worlds;

using System.Globalization;
using worlds::IssueObservatory.Mesh.Tests.Collecting;

namespace IssueObservatory.Mesh.Bench;

/// <summary>
/// Sixty sparse hashtags of six arenas over a year, asked for by six collections one after the other, through the real planner, reader and walker against the
/// sandbox. Other clients are modelled by their windows and what they put into one query.
/// </summary>
internal sealed class MergingWorld : IWorld
{
    private static readonly int[] Seeds = [1, 2, 3, 4, 5, 6, 7];

    public string Name => "Merging";

    public string About =>
        "60 hashtags of 6 arenas, 365 days, 13,175 videos of which 65 % are still there, 41 % of them found by two terms; six collections, submitted one after the other. "
        + "Requests are those of seeds 1 to 7 in order; the bars of ours are for the median, since whether a window ends on a full page is chance.";

    public async Task<IReadOnlyList<WorldLine>> RunAsync(CancellationToken cancellationToken)
    {
        ReferenceWorld[] worlds = [.. Seeds.Select(seed => new ReferenceWorld(seed))];
        var calm = await RunAllAsync(worlds, loss: 0, cancellationToken);
        var lossy = await RunAllAsync(worlds, loss: 0.01, cancellationToken);
        IReadOnlyList<IReadOnlyList<string>> Alone(ReferenceWorld world) => [.. world.Terms.Select(term => new[] { term })];
        var byTerm = worlds.Select(world => world.RequestsOf(Alone(world), 30)).ToList();
        var byWeek = worlds.Select(world => world.RequestsOf(Alone(world), 7, readsEndTwice: true)).ToList();
        return
        [
            new("other clients: 7 days, term by term, the end read twice (C4D's default)", Text(byWeek)),
            new("other clients: 30 days, term by term (traktok, the official wrapper)", Text(byTerm)),
            new("other clients: 31 days, the terms of an arena in one query", Text(worlds.Select(world => world.RequestsOf(world.Arenas, 31)))),
            new("ours", Text(calm.Select(run => run.Sent))),
            new("ours, 1 % of later pages lose their search", Text(lossy.Select(run => run.Sent))),
            new("besides, for the weekly check of the local match", Text(calm.Select(run => run.Checks.Count))),
            new("floor: full pages, nothing twice", Text(worlds.Select(world => world.Floor))),
            Ratio("ours by the floor, the check left out", calm.Zip(worlds, (run, world) => (double)run.Sent / world.Floor), "≤ 1.05", ratio => ratio <= 1.05),
            Ratio("the same with lost searches", lossy.Zip(worlds, (run, world) => (double)run.Sent / world.Floor), "≤ 1.12", ratio => ratio <= 1.12),
            Ratio("30 days, term by term, by ours", byTerm.Zip(calm, (theirs, run) => (double)theirs / run.Sent), "≥ 5", ratio => ratio >= 5),
            Ratio("7 days, term by term, by ours", byWeek.Zip(calm, (theirs, run) => (double)theirs / run.Sent), "≥ 20", ratio => ratio >= 20),
            Count("records that differ from a search for each term alone", calm.Concat(lossy).Zip([.. worlds, .. worlds], (run, world) => Verdicts.LostOf(world, run)).Sum()),
            Count("days of a term that were not read", calm.Concat(lossy).Zip([.. worlds, .. worlds], (run, world) => Verdicts.MissingDaysOf(world, run)).Sum()),
            Count("videos without a term", calm.Concat(lossy).Sum(run => run.Unattributed)),
            Count("checks of the local match that found a difference, or nothing to compare", calm.Concat(lossy).Sum(run => run.Checks.Count(check => check is not { Differences: 0 }))),
        ];
    }

    private static async Task<IReadOnlyList<LabRun>> RunAllAsync(IReadOnlyList<ReferenceWorld> worlds, double loss, CancellationToken cancellationToken)
    {
        List<LabRun> runs = [];
        for (var i = 0; i < worlds.Count; i++)
        {
            var run = await LabRun.StartAsync(worlds[i].Videos, Seeds[i], loss, cancellationToken);
            foreach (var arena in worlds[i].Arenas)
            {
                run.Submit(arena.Select(ReferenceWorld.ClauseOf), worlds[i].Days);
            }

            await run.WalkAsync(cancellationToken);
            await run.StopAsync();
            runs.Add(run);
        }

        return runs;
    }

    private static WorldLine Ratio(string what, IEnumerable<double> ratios, string bar, Func<double, bool> holds)
    {
        var sorted = ratios.Order().ToList();
        var median = sorted[sorted.Count / 2];
        return new(what, string.Create(CultureInfo.InvariantCulture, $"{median:0.000} ({sorted[0]:0.000} to {sorted[^1]:0.000})"), bar, holds(median));
    }

    private static WorldLine Count(string what, int count) => new(what, count.ToString(CultureInfo.InvariantCulture), "0", count == 0);

    private static string Text(IEnumerable<int> counts) => string.Join(", ", counts.Select(count => count.ToString("#,0", CultureInfo.InvariantCulture)));
}
