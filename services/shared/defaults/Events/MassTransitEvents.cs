using MassTransit;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Events over MassTransit; the trace of whoever publishes goes with them.</summary>
internal sealed class MassTransitEvents(IBus bus) : IEvents
{
    /// <inheritdoc/>
    public Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
        where TEvent : class => bus.Publish(message, cancellationToken);
}
