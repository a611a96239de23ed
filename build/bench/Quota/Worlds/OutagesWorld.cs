extern alias worlds;

using IssueObservatory.Mesh.V1;
using worlds::IssueObservatory.Mesh.Tests.Collecting;
using static System.FormattableString;

namespace IssueObservatory.Mesh.Bench;

/// <summary>TikTok answers nothing, or one request of 25, for hours, somewhere in a collection of five years that may have blackouts too.</summary>
internal sealed class OutagesWorld : IWorld
{
    private const int Worlds = 50;

    private static readonly Clause Word = Walks.Word("ord");
    private static readonly int[] Hours = [1, 6, 12];

    public string Name => "Outages";

    public string About => "Units that an outage takes, over 50 worlds at random with blackouts; wrongly dark are days that are said to be bad and are not.";

    public Task<IReadOnlyList<WorldLine>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WorldLine>>(
        [.. Hours.Select(hours => LineOf(hours, luck: 0)), .. Hours.Select(hours => LineOf(hours, luck: 0.04))]);

    private static WorldLine LineOf(int hours, double luck)
    {
        var runs = Enumerable.Range(0, Worlds).Select(seed => Run(seed, hours, luck)).ToList();
        var lost = runs.Select(run => run.Lost).Order().ToList();
        var most = 16 + (4 * hours);
        return new(
            Invariant($"{hours} h{(luck > 0 ? ", one request of 25 answered" : "")}"),
            Invariant($"median {lost[Worlds / 2]}, worst {lost[^1]}; days wrongly dark in {runs.Count(run => run.Invented > 0)} of {Worlds} worlds"),
            Invariant($"worst ≤ {most}, none wrongly dark"),
            lost[^1] <= most && runs.TrueForAll(run => run.Invented == 0));
    }

    private static (int Lost, int Invented) Run(int seed, int hours, double luck)
    {
        var world = BlackoutWorld.Random(seed);
        var calm = new BlackoutRun(world);
        calm.Collect(Word);
        var run = new BlackoutRun(world) { Down = (new Random(seed).Next(calm.Sent), TimeSpan.FromHours(hours)), Luck = luck, Chance = new(seed) };
        run.Collect(Word);
        return (run.Lost, run.Gaps(Word, Collector.DayLight.Bad).Count(day => !world.IsBad(day)));
    }
}
