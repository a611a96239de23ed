namespace IssueObservatory.Mesh.Bench;

/// <summary>One round of one side.</summary>
/// <param name="Rate">Units a second.</param>
/// <param name="ProcessorRate">Units a second of processor time, whoever else used the machine meanwhile.</param>
internal readonly record struct Lap(double Rate, double ProcessorRate)
{
    /// <summary>Times a piece of work of so many units.</summary>
    public static async Task<Lap> OfAsync(int units, Func<Task> work)
    {
        var start = TimeProvider.System.GetTimestamp();
        var processor = Environment.CpuUsage.TotalTime;
        await work();
        return new(
            units / TimeProvider.System.GetElapsedTime(start).TotalSeconds,
            units / (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
