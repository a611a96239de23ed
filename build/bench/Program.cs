using IssueObservatory.Mesh.Bench;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

IBench[] benches = [new QuotaBench(), new LabBench(), new GrantBench(), new GrantCallBench(), new PageBench(), new StartBench(), new ParseBench(), new SandboxBench(), new EventsBench(), new ClusterBench()];
var unknown = args.Except(benches.Select(bench => bench.Name), StringComparer.Ordinal).ToArray();
if (unknown.Length > 0)
{
    await Console.Error.WriteLineAsync($"\"{unknown[0]}\" is no bench; allowed are {string.Join(", ", benches.Select(bench => bench.Name))}, or nothing for all of them.");
    return 2;
}

Report.Begin();
var missed = 0;
foreach (var bench in benches.Where(bench => args.Length == 0 || args.Contains(bench.Name, StringComparer.Ordinal)))
{
    await foreach (var line in bench.RunAsync(interrupted.Token))
    {
        Report.Write(bench.Name, line);
        missed += line.IsMissed ? 1 : 0;
    }
}

return missed == 0 ? 0 : 1;
