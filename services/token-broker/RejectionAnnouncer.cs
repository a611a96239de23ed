using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Announces on start what stands rejected, in case the event was lost with the process.</summary>
internal sealed class RejectionAnnouncer(ICredentialStore store, IEvents events, IHostApplicationLifetime lifetime) : MeshWorker(lifetime)
{
    /// <summary>The event that tells of a rejection.</summary>
    public static CredentialRejected Event(SealedCredential credential, Rejection rejection) => new()
    {
        LabId = credential.Key.LabId,
        CredentialId = credential.Key.CredentialId,
        Account = credential.Account,
        Code = rejection.Code,
        LogId = rejection.LogId,
    };

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        foreach (var credential in await store.ListRejectedAsync(stoppingToken))
        {
            await events.PublishAsync(Event(credential, credential.Rejection ?? new("", "")), stoppingToken);
        }
    }
}
