using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Announces on start what stands rejected, in case the event was lost with the process; as often as it takes.</summary>
internal sealed class RejectionAnnouncer(ICredentialStore store, IEvents events, TimeProvider clock, IHostApplicationLifetime lifetime) : MeshWorker(lifetime)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

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
        while (!await TryAnnounceAsync(stoppingToken))
        {
            await Task.Delay(Pause, clock, stoppingToken);
        }
    }

    /// <summary>False when what it takes cannot be reached now; readiness says what.</summary>
    private async Task<bool> TryAnnounceAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var credential in await store.ListRejectedAsync(cancellationToken))
            {
                await events.PublishAsync(Event(credential, credential.Rejection ?? new("", "")), cancellationToken);
            }

            return true;
        }
        catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
        {
            return false;
        }
    }
}
