namespace IssueObservatory.Mesh.Defaults;

/// <summary>Handles an event. MUST be idempotent; an exception brings the event again after a pause.</summary>
public interface IEventHandler<in TEvent>
    where TEvent : class
{
    /// <summary>Completes after everything that the event causes is durable.</summary>
    Task HandleAsync(TEvent message, CancellationToken cancellationToken);
}
