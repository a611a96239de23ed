namespace IssueObservatory.Mesh.Defaults;

/// <summary>Publishes events. A published event reaches every handler's service at least once; it may come twice, late or in another order.</summary>
public interface IEvents
{
    /// <summary>Publishes after the state that it tells of is durable. Completes when the bus has taken it.</summary>
    Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
        where TEvent : class;
}
