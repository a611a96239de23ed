using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Cli.Sessions;

/// <summary>The services that answer on the callers' port.</summary>
internal interface IMeshCalls
{
    /// <summary>The front.</summary>
    TikTokArena.TikTokArenaClient Arena { get; }

    /// <summary>Records and quarantine.</summary>
    V1.Normalizer.NormalizerClient Normalizer { get; }

    /// <summary>Dead letters.</summary>
    EventQueues.EventQueuesClient EventQueues { get; }

    /// <summary>Budgets.</summary>
    V1.QuotaGovernor.QuotaGovernorClient QuotaGovernor { get; }

    /// <summary>Refreshes.</summary>
    V1.RefreshScheduler.RefreshSchedulerClient RefreshScheduler { get; }

    /// <summary>Credentials.</summary>
    V1.TokenBroker.TokenBrokerClient TokenBroker { get; }
}
