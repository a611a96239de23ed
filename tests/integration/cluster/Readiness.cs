using IssueObservatory.Mesh.Integration.Hosts;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>What processes say about themselves while something is away.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until each of these processes says that it is not ready, and names this.</summary>
    public static Task MissAsync(this IEnumerable<ServiceProcess> processes, string what, CancellationToken cancellationToken) =>
        Task.WhenAll(processes.Select(process => MissAsync(process, what, cancellationToken)));

    private static async Task MissAsync(ServiceProcess process, string what, CancellationToken cancellationToken)
    {
        string? said = null;
        for (var begun = TimeProvider.System.GetTimestamp(); said?.Contains(what, StringComparison.Ordinal) != true; await Task.Delay(Look, TimeProvider.System, cancellationToken))
        {
            process.IsRunning.ShouldBeTrue(process.Name);
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(RunningCluster.LongestStart, $"{process.Name} says: {said}");
            said = await process.MissingAsync(cancellationToken);
        }
    }
}
