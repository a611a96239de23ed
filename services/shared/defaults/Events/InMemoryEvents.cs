using MassTransit;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Events within this process; the trace of whoever publishes goes with them.</summary>
internal sealed class InMemoryEvents(IBus bus) : IEvents
{
    /// <inheritdoc/>
    public Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
        where TEvent : class => bus.Publish(message, cancellationToken);
}
