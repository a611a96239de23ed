using IssueObservatory.Mesh.Integration.Hosts;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>Waits for what a process does.</summary>
internal static class ProcessStates
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Stops it, and starts it with this failpoint, or with none; it is ready again.</summary>
    public static async Task StartAgainAsync(this ServiceProcess process, string failpoint, CancellationToken cancellationToken)
    {
        await process.StartWithAsync(failpoint);
        await process.ReadyAsync(RunningCluster.LongestStart, cancellationToken);
    }

    /// <summary>Stops it, and starts it with this failpoint, which may come before it is ready.</summary>
    public static async Task StartWithAsync(this ServiceProcess process, string failpoint)
    {
        if (process.IsRunning)
        {
            await process.StopAsync();
        }

        process.Environment["MESH_FAILPOINTS"] = failpoint;
        process.Start();
    }

    /// <summary>Waits until it is ready, or has died before: who starts finishes what the dead left half done, and comes by some failpoints then.</summary>
    public static async Task ReadyOrEndedAsync(this ServiceProcess process, CancellationToken cancellationToken)
    {
        try
        {
            await process.ReadyAsync(RunningCluster.LongestStart, cancellationToken);
        }
        catch (TimeoutException) when (!process.IsRunning)
        {
        }
    }

    /// <summary>Waits until a failpoint has made it stand still.</summary>
    public static Task StandsStillAsync(this ServiceProcess process, CancellationToken cancellationToken) =>
        UntilAsync(async () => (await File.ReadAllTextAsync($"/proc/{process.Id}/stat", cancellationToken)).Contains(") T ", StringComparison.Ordinal), $"{process.Name} never stood still", cancellationToken);

    /// <summary>Waits until it has written this.</summary>
    public static Task WritesAsync(this ServiceProcess process, string text, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(process.Log.Contains(text, StringComparison.Ordinal)), $"{process.Name} never wrote \"{text}\"", cancellationToken);

    private static async Task UntilAsync(Func<Task<bool>> condition, string otherwise, CancellationToken cancellationToken)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); !await condition(); await Task.Delay(Look, TimeProvider.System, cancellationToken))
        {
            if (TimeProvider.System.GetElapsedTime(begun) > Longest)
            {
                throw new TimeoutException(otherwise);
            }
        }
    }
}
