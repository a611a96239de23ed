using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace IssueObservatory.Mesh.Bench;

/// <summary>How long a person waits for a command that has little to do; milliseconds of the whole process. Informs only.</summary>
internal sealed class StartBench : IBench
{
    private const int Rounds = 11;

    public string Name => "start";

    public async IAsyncEnumerable<Line> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var workplace = new Workplace();

        // Builds when it must, and makes the folder.
        await MillisecondsAsync(["version"], cancellationToken);
        await MillisecondsAsync(["list", "--data", workplace.Path], cancellationToken);
        List<double> version = [], list = [];
        for (var round = 0; round < Rounds; round++)
        {
            version.Add(await MillisecondsAsync(["version"], cancellationToken));
            list.Add(await MillisecondsAsync(["list", "--data", workplace.Path], cancellationToken));
        }

        yield return new() { What = "mesh version", Unit = "ms", Ours = Median.Of(version) };
        yield return new() { What = "mesh list (starts and stops all services)", Unit = "ms", Ours = Median.Of(list) };
    }

    private static async Task<double> MillisecondsAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path.Combine(Workplace.Root, "build", "mesh"), arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var began = TimeProvider.System.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("mesh did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? TimeProvider.System.GetElapsedTime(began).TotalMilliseconds
            : throw new InvalidOperationException($"mesh {arguments[0]} ended with {process.ExitCode}: {errors}");
    }
}
