extern alias worlds;

using IssueObservatory.Mesh.V1;
using worlds::IssueObservatory.Mesh.Tests.Governor;
using static System.FormattableString;

namespace IssueObservatory.Mesh.Bench;

/// <summary>Sixty saturated days of one budget through the real governor: people, refreshes with deadlines, and backfill that is always hungry.</summary>
internal sealed class SchedulingWorld : IWorld
{
    private static readonly int[] Seeds = [1, 2, 3, 4, 5];

    public string Name => "Scheduling";

    public string About =>
        "1,000 units a day, 4 interactive jobs a day of 60 units each, 250 refreshes a day due within 3 days, 4 callers whose backfill never ends; 60 days, seeds 1 to 5. "
        + "Waits are those until a job's first page. Used and waits leave out the first week, in which the governor learns when people ask.";

    public Task<IReadOnlyList<WorldLine>> RunAsync(CancellationToken cancellationToken)
    {
        var burst = Run(PacingMode.Burst, cancellationToken);
        var paced = Run(PacingMode.Paced, cancellationToken);
        return Task.FromResult<IReadOnlyList<WorldLine>>(
        [
            Used("burst, used", burst, "≥ 98 %", used => used >= 0.98),
            Wait("burst, interactive wait p50", burst, 0.5, "≤ 5 s", TimeSpan.FromSeconds(5)),
            Wait("burst, interactive wait p95", burst, 0.95, "≤ 5 h", TimeSpan.FromHours(5)),
            Hunger("burst, the longest that a caller got nothing", burst),
            Missed("burst, refreshes after their deadline", burst),
            Most("burst, the most units that TikTok counted on a day", burst),
            Used("paced, used", paced, "", _ => true),
            Wait("paced, interactive wait p50", paced, 0.5, "≤ 5 s", TimeSpan.FromSeconds(5)),
            Wait("paced, interactive wait p95", paced, 0.95, "≤ 5 h", TimeSpan.FromHours(5)),
            Hunger("paced, the longest that a caller got nothing", paced),
            Missed("paced, refreshes after their deadline", paced),
            Most("paced, the most units that TikTok counted on a day", paced),
        ]);
    }

    private static List<GovernorWorld> Run(PacingMode mode, CancellationToken cancellationToken) =>
    [
        .. Seeds.Select(seed =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var world = new GovernorWorld(new() { Mode = mode }, seed);
            world.Run();
            return world;
        }),
    ];

    private static WorldLine Used(string what, IReadOnlyCollection<GovernorWorld> runs, string bar, Func<double, bool> holds) =>
        new(what, Invariant($"{runs.Min(run => run.Used):0.0%} to {runs.Max(run => run.Used):0.0%}"), bar, runs.All(run => holds(run.Used)));

    private static WorldLine Wait(string what, IReadOnlyCollection<GovernorWorld> runs, double share, string bar, TimeSpan most)
    {
        var wait = GovernorWorld.At([.. runs.SelectMany(run => run.Waits)], share);
        return new(what, wait < TimeSpan.FromMinutes(1) ? Invariant($"{wait.TotalSeconds:0.0} s") : Invariant($"{wait.TotalMinutes:0} min"), bar, wait <= most);
    }

    private static WorldLine Hunger(string what, IEnumerable<GovernorWorld> runs)
    {
        var longest = runs.Max(run => run.LongestHunger);
        return new(what, Invariant($"{longest.TotalHours:0.0} h"), "≤ 24 h", longest <= TimeSpan.FromDays(1));
    }

    private static WorldLine Missed(string what, IEnumerable<GovernorWorld> runs)
    {
        var missed = runs.Sum(run => run.Missed);
        return new(what, Invariant($"{missed}"), "0", missed == 0);
    }

    private static WorldLine Most(string what, IEnumerable<GovernorWorld> runs)
    {
        var most = runs.Max(run => run.MostOnADay);
        return new(what, Invariant($"{most:#,0}"), "≤ 1,000", most <= 1_000);
    }
}
