extern alias worlds;

using IssueObservatory.Mesh.RefreshScheduler;
using worlds::IssueObservatory.Mesh.Tests.RefreshScheduler;
using static System.FormattableString;

namespace IssueObservatory.Mesh.Bench;

/// <summary>A corpus that is refreshed by the real rule and packing, hour by hour, and what was forecast of it.</summary>
internal sealed class RefreshWorld : IWorld
{
    private const int Videos = 100_000;
    private const int Days = 20;
    private const int Ahead = 15;

    private static readonly DateTimeOffset Start = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly int[] Seeds = [1, 2, 3];

    public string Name => "Refresh";

    public string About => "100,000 videos of a year, read within the last 13 days, refreshed for 20 days; seeds 1 to 3 in order. A request can hold 100 ids.";

    public Task<IReadOnlyList<WorldLine>> RunAsync(CancellationToken cancellationToken)
    {
        var runs = Seeds.Select(Run).ToList();
        return Task.FromResult<IReadOnlyList<WorldLine>>(
        [
            new("units a day", string.Join(", ", runs.Select(run => Invariant($"{run.Units:0.0}")))),
            new("ids a request", string.Join(", ", runs.Select(run => Invariant($"{run.Ids:0.0}"))), "≥ 97", runs.TrueForAll(run => run.Ids >= 97)),
            new("forecast of the 15th day, error", string.Join(", ", runs.Select(run => Invariant($"{run.Error:0.0%}"))), "≤ 5 %", runs.TrueForAll(run => run.Error <= 0.05)),
            new("videos read after their deadline", Invariant($"{runs.Sum(run => run.Late)}"), "0", runs.TrueForAll(run => run.Late == 0)),
        ]);
    }

    private static (double Units, double Ids, double Error, int Late) Run(int seed)
    {
        var random = new Random(seed);
        var corpus = new PackedCorpus(Enumerable.Range(0, Videos).Select(number =>
        {
            var read = Start.AddDays(-random.NextDouble() * 13);
            return RefreshPlan.Read(Invariant($"{number}"), read.AddDays(-10 - (random.NextDouble() * 365)), read);
        }));
        var forecast = RefreshForecast.Days([.. corpus.ByDueDay()], 0, DateOnly.FromDateTime(Start.UtcDateTime));
        var units = Enumerable.Range(0, Days).Select(day => corpus.RunDay(Start.AddDays(day))).ToList();
        return (units.Average(), corpus.IdsARequest, Math.Abs(((double)units[Ahead] / forecast[Ahead]) - 1), corpus.Late);
    }
}
