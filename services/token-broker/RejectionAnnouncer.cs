using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.TokenBroker;

/// <summary>Announces on start what stands rejected, in case the event was lost with the process.</summary>
internal sealed partial class RejectionAnnouncer(
    ICredentialStore store, IEvents events, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<RejectionAnnouncer> logger) : MeshWorker(lifetime)
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
    protected override Task RunAsync(CancellationToken stoppingToken) =>
        Insistence.UntilDoneAsync(AnnounceAsync, clock, (failed, pause) => Log.NotAnnounced(logger, failed, pause.TotalSeconds), stoppingToken);

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        foreach (var credential in await store.ListRejectedAsync(cancellationToken))
        {
            await events.PublishAsync(Event(credential, credential.Rejection ?? new("", "")), cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Credentials that stand rejected could not be announced; again in {Seconds:F0} s.")]
        public static partial void NotAnnounced(ILogger logger, Exception exception, double seconds);
    }
}
