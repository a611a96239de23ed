using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IssueObservatory.Mesh.Normalizer;

/// <summary>
/// Before anything is normalised: scheme and salt are those that made the pseudonyms in the store. Otherwise nothing is.
/// One process over files does not start then. In a cluster, where the store may be away for a while, the process stays and is not ready,
/// so that nothing starts it again and again. Once they are, profiles of an older version, which waited for their pseudonyms, are carried over.
/// </summary>
internal sealed class PseudonymCheck(Func<AuthorPseudonyms> pseudonyms, Func<IRecordStore> store, Func<OldProfiles> oldProfiles, bool stopsStart) : IHostedLifecycleService, IHealthCheck
{
    private const string Refusal = $"{SaltSource.Key}: another salt or Normalizer:PseudonymScheme than the one that made the pseudonyms in this store; only that one is allowed.";

    private volatile bool isGood;

    /// <summary>Completes when pages may be normalised; looks only until it was so once.</summary>
    /// <exception cref="MeshException">UNAVAILABLE: they may not, or the store cannot say now.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken)
    {
        if (!isGood)
        {
            isGood = await ClaimAsync(cancellationToken) ? true : throw new MeshException(ErrorReason.Unavailable, Refusal);
        }
    }

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // Also where the store is not asked: a salt that is missing or too short stops every start.
        _ = pseudonyms();
        if (stopsStart)
        {
            isGood = await ClaimAsync(cancellationToken) ? true : throw new StartRefusedException(Refusal);
        }
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await RequireAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (MeshException refused)
        {
            return HealthCheckResult.Unhealthy(refused.Message);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<bool> ClaimAsync(CancellationToken cancellationToken)
    {
        if (!await store().ClaimPseudonymsAsync(pseudonyms().Fingerprint, cancellationToken))
        {
            return false;
        }

        await oldProfiles().CarryOverAsync(cancellationToken);
        return true;
    }
}
