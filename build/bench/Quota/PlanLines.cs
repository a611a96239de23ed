using System.Globalization;
using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Bench;

/// <summary>How long the planner takes, and what memory, for 10,000 clauses over five years: of which nothing is known, and of which a month of each is.</summary>
internal static class PlanLines
{
    private const int Clauses = 10_000;

    private static readonly Days FiveYears = new(new(2021, 1, 1), new(2025, 12, 31));
    private static readonly DateTimeOffset Now = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Most milliseconds and MiB.</summary>
    private static readonly (double Milliseconds, double Mebibytes) Most = (2_000, 200);

    public static async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        List<AskedClause> asked = [.. Enumerable.Range(0, Clauses).Select(i => Asked(string.Create(CultureInfo.InvariantCulture, $"emne{i:00000}")))];
        CoveredDay[] month = [.. new Days(new(2023, 5, 1), new(2023, 5, 31)).Each().Select(day => new CoveredDay { Day = day, State = CoverageState.Complete })];
        var known = PlanningState.Nothing with { Coverage = asked.ToDictionary(each => each.Clause.ClauseId, IReadOnlyList<CoveredDay> (_) => month, StringComparer.Ordinal) };
        foreach (var (what, state) in new[] { ("nothing known", PlanningState.Nothing), ("a month of each known", known) })
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (milliseconds, mebibytes) = Measure(asked, state);
            yield return Limit($"plan of {Clauses} clauses × 5 years, {what}", "ms", milliseconds, Most.Milliseconds);
            yield return Limit($"plan of {Clauses} clauses × 5 years, {what}", "MiB", mebibytes, Most.Mebibytes);
        }
    }

    /// <summary>The best of three, and what it holds and leaves to be collected at most.</summary>
    private static (double Milliseconds, double Mebibytes) Measure(List<AskedClause> asked, PlanningState state)
    {
        var best = (Milliseconds: double.MaxValue, Mebibytes: double.MaxValue);
        for (var round = 0; round < 3; round++)
        {
            var ids = 0;
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var started = TimeProvider.System.GetTimestamp();
            var plan = Planner.Decide(asked, [], state, new("default", Priority.Interactive, "", Now, () => $"{ids++}"), new());
            var took = TimeProvider.System.GetElapsedTime(started).TotalMilliseconds;
            var held = (GC.GetTotalMemory(forceFullCollection: false) - before) / 1024d / 1024d;
            GC.KeepAlive(plan);
            best = (Math.Min(best.Milliseconds, took), Math.Min(best.Mebibytes, held));
        }

        return best;
    }

    private static AskedClause Asked(string tag) => new()
    {
        Clause = ClauseIds.Identify(new() { Class = ClauseClass.Hashtag, Hashtags = { tag }, RegionCodes = { "DK" } }),
        Input = $"#{tag}",
        Days = FiveYears,
    };

    private static Line Limit(string what, string unit, double ours, double most) => new() { What = what, Unit = unit, Ours = ours, Bare = most, Ratios = [most / Math.Max(ours, 0.001)], Bar = 1, ProcessorRatio = most / Math.Max(ours, 0.001), ProcessorMicroseconds = 0 };
}
