using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Ucr;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>Before anything is normalised: scheme and salt are those that made the pseudonyms in the store.</summary>
internal sealed class PseudonymCheck(Func<AuthorPseudonyms> pseudonyms, Func<IRecordStore> store) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!await store().ClaimPseudonymsAsync(pseudonyms().Fingerprint, cancellationToken))
        {
            throw new StartRefusedException($"{SaltSource.Key}: another salt or Normalizer:PseudonymScheme than the one that made this data folder's pseudonyms; only that one is allowed.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
