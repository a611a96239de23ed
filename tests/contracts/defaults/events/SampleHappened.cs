using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>An event of version 2: version 1 had no weight, and meant 7.</summary>
[Event(2, "sampler")]
public sealed record SampleHappened
{
    /// <summary>In both versions.</summary>
    public required string Name { get; init; }

    /// <summary>New.</summary>
    public int Weight { get; init; } = 7;
}

/// <summary>The first sample that was handled.</summary>
internal sealed class SampleSeen
{
    public TaskCompletionSource<SampleHappened> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Handles samples.</summary>
internal sealed class SampleHandler(SampleSeen seen) : IEventHandler<SampleHappened>
{
    public Task HandleAsync(SampleHappened message, CancellationToken cancellationToken)
    {
        seen.First.TrySetResult(message);
        return Task.CompletedTask;
    }
}
