using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Makes records of each page that the collector stores.</summary>
internal sealed class PageStoredHandler(PageIntake intake) : IEventHandler<PageStored>
{
    public Task HandleAsync(PageStored message, CancellationToken cancellationToken) => intake.KeepAsync(message.LabId, message.PageId, cancellationToken);
}
