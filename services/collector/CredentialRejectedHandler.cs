using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A credential is gone: whoever waits looks again, and either finds another one or fails with the reason.</summary>
internal sealed class CredentialRejectedHandler(Wakeups wakeups) : IEventHandler<CredentialRejected>
{
    public Task HandleAsync(CredentialRejected message, CancellationToken cancellationToken)
    {
        wakeups.Wake();
        return Task.CompletedTask;
    }
}
