using System.Text.Json;
using Grpc.Core;
using Grpc.Net.Client;
using IssueObservatory.Mesh.V1;
using Shouldly;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>What holds of the events after every test, seen from outside.</summary>
internal static class EventInvariants
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// No event is a dead letter, and none is lost: the schedule of refreshes has every video. It learns of them by events alone, which nobody announces
    /// again once the collector has its own copy.
    /// </summary>
    public static async Task CheckAsync(RunningCluster cluster, int videos, CancellationToken cancellationToken)
    {
        await UntilScheduledAsync(cluster, videos, cancellationToken);
        (await DeadLettersAsync(cluster, cancellationToken)).ShouldBeEmpty();
    }

    /// <summary>Waits until the schedule has so many videos.</summary>
    public static async Task UntilScheduledAsync(RunningCluster cluster, int videos, CancellationToken cancellationToken)
    {
        using var channel = GrpcChannel.ForAddress(cluster.Of("refresh-scheduler").First(process => process.IsRunning).Internal);
        var client = new V1.RefreshScheduler.RefreshSchedulerClient(channel);
        var key = cluster.AsService;
        long scheduled = -1;
        for (var begun = TimeProvider.System.GetTimestamp(); scheduled != videos; await Task.Delay(Look, TimeProvider.System, cancellationToken))
        {
            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(RunningCluster.LongestStart, $"{scheduled} of {videos} videos are on the schedule");
            scheduled = (await client.GetRefreshStatusAsync(new(), key, cancellationToken: cancellationToken)).Scheduled;
        }
    }

    /// <summary>The dead letters, as the command shows them.</summary>
    public static async Task<IReadOnlyList<JsonElement>> DeadLettersAsync(RunningCluster cluster, CancellationToken cancellationToken)
    {
        var listed = await cluster.MeshAsync(0, cancellationToken, "replay", "--dead-letters", "--list", "--json");
        listed.ExitCode.ShouldBe(0, listed.Errors);
        return [.. listed.Json.GetProperty("dead_letters").EnumerateArray()];
    }

    /// <summary>Waits until there are so many dead letters.</summary>
    public static async Task<IReadOnlyList<JsonElement>> UntilDeadAsync(RunningCluster cluster, int count, CancellationToken cancellationToken)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); ; await Task.Delay(Look, TimeProvider.System, cancellationToken))
        {
            var letters = await DeadLettersAsync(cluster, cancellationToken);
            if (letters.Count >= count)
            {
                return letters;
            }

            TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(RunningCluster.LongestStart, $"{letters.Count} of {count} dead letters");
        }
    }
}
