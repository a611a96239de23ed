namespace IssueObservatory.Mesh.Defaults;

/// <summary>Publishes events. A published event reaches every handler's service at least once; it may come twice, late or in another order.</summary>
public interface IEvents
{
    /// <summary>
    /// Publishes after the state that it tells of is durable. Completes when the bus keeps it: a broker has confirmed it then.
    /// It MUST NOT wait for ever; a publisher that is refused goes on, for whatever it announces is announced again by its own sweep.
    /// </summary>
    /// <exception cref="MeshException">UNAVAILABLE: the broker cannot be reached or did not confirm in time. The event may arrive all the same.</exception>
    Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
        where TEvent : class;
}
