using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Sessions;

/// <summary>The services that answer on the callers' port.</summary>
internal interface IMeshCalls
{
    /// <summary>The front.</summary>
    TikTokArena.TikTokArenaClient Arena { get; }

    /// <summary>Records and quarantine.</summary>
    Normalizer.NormalizerClient Normalizer { get; }

    /// <summary>Budgets.</summary>
    QuotaGovernor.QuotaGovernorClient QuotaGovernor { get; }

    /// <summary>Refreshes.</summary>
    RefreshScheduler.RefreshSchedulerClient RefreshScheduler { get; }

    /// <summary>Credentials.</summary>
    TokenBroker.TokenBrokerClient TokenBroker { get; }
}
