using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.QuotaGovernor;

/// <summary>Takes down what a lab's refreshes need; one that comes late says nothing.</summary>
internal sealed class RefreshDemandChangedHandler(IQuotaStore store) : IEventHandler<RefreshDemandChanged>
{
    /// <inheritdoc/>
    public Task HandleAsync(RefreshDemandChanged message, CancellationToken cancellationToken) => store.NoteRefreshDemandAsync(
        message.LabId,
        new()
        {
            At = message.At,
            Due = [.. message.Due.Select(due => new DueUnits(due.By, due.Units)).OrderBy(due => due.By)],
            Days = message.Days,
        },
        cancellationToken);
}
