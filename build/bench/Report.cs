using System.Globalization;
using System.Runtime.InteropServices;

namespace IssueObservatory.Mesh.Bench;

/// <summary>Prints what was measured.</summary>
internal static class Report
{
    public static void Begin()
    {
        Console.WriteLine(Text($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors"));
        Console.WriteLine("Medians of rounds in turns; the ratio is ours by bare, median (lowest to highest round).");
    }

    public static void Write(string bench, Line line)
    {
        var beside = line.Bare is { } bare
            ? Text($"   bare {bare,9:N0}   ratio {Median.OfSorted(line.Ratios):0.00} ({line.Ratios[0]:0.00} to {line.Ratios[^1]:0.00}), by processor time {line.ProcessorRatio:0.00} (ours {line.ProcessorMicroseconds:0.0} µs each)")
            : "";
        var verdict = line.Bar is { } bar ? Text($"   bar {bar:0.0#}: {(line.IsMissed ? "MISSED" : "passed")}") : "";
        Console.WriteLine(Text($"{bench,-6} {line.What,-46} ours {line.Ours,9:N0} {line.Unit,-10}{beside}{verdict}").TrimEnd());
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
