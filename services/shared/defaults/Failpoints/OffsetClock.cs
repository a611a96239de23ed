using System.Globalization;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// For tests of whole processes: the machine's clock, as somebody may have set it. A file holds the seconds by which it is ahead (negative: behind), and is
/// looked at again whenever it was written. What only runs forward, such as timers, is the machine's own.
/// </summary>
internal sealed class OffsetClock(string path) : TimeProvider
{
    /// <summary>The variable that names the file; without it there is no such clock.</summary>
    public const string Variable = "MESH_CLOCK_OFFSET_FILE";

    private readonly Lock gate = new();
    private DateTime written;
    private TimeSpan offset;

    public static TimeProvider Of(string? path) => path is { Length: > 0 } ? new OffsetClock(path) : System;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset();

    private TimeSpan Offset()
    {
        lock (gate)
        {
            if (File.GetLastWriteTimeUtc(path) is var now && now != written)
            {
                offset = TimeSpan.FromSeconds(double.Parse(File.ReadAllText(path), CultureInfo.InvariantCulture));
                written = now;
            }

            return offset;
        }
    }
}
