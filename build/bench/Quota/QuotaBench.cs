using System.Runtime.CompilerServices;
using System.Text;

namespace IssueObservatory.Mesh.Bench;

/// <summary>
/// Counts what the mesh spends in worlds where everything is known, beside what other clients would spend and the least that is possible. Nothing is timed, so
/// the table is the same in every run; it lies in <c>expected.md</c>, and a line that differs from it is missed as one below its bar is.
/// </summary>
internal sealed class QuotaBench : IBench
{
    private static readonly IWorld[] Worlds = [new MergingWorld(), new RefreshWorld(), new BlackoutsWorld(), new OutagesWorld(), new SchedulingWorld()];

    public string Name => "quota";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var table = new StringBuilder("# What the mesh spends\nWritten by `build/bench/run quota`; a bar that is missed says so.\n");
        List<WorldLine> missed = [];
        foreach (var world in Worlds)
        {
            table.Append('\n').Append("## ").Append(world.Name).Append('\n').Append(world.About).Append("\n\n| | | bar |\n|---|---|---|\n");
            foreach (var line in await world.RunAsync(cancellationToken))
            {
                table.Append("| ").Append(line.What).Append(" | ").Append(line.Result).Append(" | ").Append(line.Bar).Append(line.Holds ? "" : " **missed**").Append(" |\n");
                if (!line.Holds)
                {
                    missed.Add(line);
                }
            }
        }

        Console.Write(table);
        var isSame = await CompareAsync(table.ToString(), cancellationToken);
        yield return Verdict("bars held", missed.Count == 0);
        yield return Verdict("table as kept in expected.md", isSame);
        await foreach (var line in PlanLines.RunAsync(cancellationToken))
        {
            yield return line;
        }
    }

    /// <summary>A table that differs is written, so that the difference shows as a diff.</summary>
    private static async Task<bool> CompareAsync(string table, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Workplace.Root, "build", "bench", "Quota", "expected.md");
        var isSame = File.Exists(path) && string.Equals(await File.ReadAllTextAsync(path, cancellationToken), table, StringComparison.Ordinal);
        if (!isSame)
        {
            await File.WriteAllTextAsync(path, table, cancellationToken);
        }

        return isSame;
    }

    private static Line Verdict(string what, bool holds) => new() { What = what, Unit = "", Ours = holds ? 1 : 0, Ratios = [holds ? 1 : 0], Bar = 1 };
}
