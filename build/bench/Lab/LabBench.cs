using System.Runtime.CompilerServices;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Bench;

/// <summary>
/// What the collector's decisions take in a lab that has grown, beside the same in one that has a tenth of it: to plan one collection more, to find the next request,
/// and to see how a collection stands. What is over must cost nothing; what waits costs less than its share.
/// </summary>
internal sealed class LabBench : IBench
{
    private const int Rounds = 11;
    private const int Times = 10;
    private const int Ended = 2_000;
    private const int Waiting = 1_000;

    private static readonly Priority[] Urgencies = [Priority.Interactive, Priority.Backfill];

    public string Name => "lab";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using (GrownLab large = new(), small = new())
        {
            await large.EndAsync(Ended, cancellationToken);
            await small.EndAsync(Ended / 10, cancellationToken);
            await foreach (var line in RaceAsync(large, small, $"{Ended} ended", bar: 0.6, cancellationToken))
            {
                yield return line;
            }
        }

        using (GrownLab large = new(), small = new())
        {
            await large.WaitAsync(Waiting, cancellationToken);
            await small.WaitAsync(Waiting / 10, cancellationToken);
            await foreach (var line in RaceAsync(large, small, $"{Waiting} wait and overlap", bar: 0.1, cancellationToken))
            {
                yield return line;
            }
        }
    }

    private static async IAsyncEnumerable<Line> RaceAsync(GrownLab large, GrownLab small, string size, double bar, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (what, work) in new (string, Func<GrownLab, int, CancellationToken, Task>)[]
        {
            ("plan one more", (lab, i, token) => lab.PlanAsync(i, Urgencies[i % Urgencies.Length], token)),
            ("find the next request", (lab, _, token) => lab.NextAsync(token)),
            ("see how one stands", (lab, i, token) => lab.LookAsync(i, token)),
        })
        {
            var line = await Race.RunAsync(
                $"{what}; {size}, bare: a tenth",
                "a second",
                Rounds,
                token => Lap.OfAsync(Times, () => RepeatAsync(large, work, token)),
                token => Lap.OfAsync(Times, () => RepeatAsync(small, work, token)),
                cancellationToken);
            yield return line with { Bar = bar };
        }
    }

    private static async Task RepeatAsync(GrownLab lab, Func<GrownLab, int, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Times; i++)
        {
            await work(lab, i, cancellationToken);
        }
    }
}
