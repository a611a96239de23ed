using IssueObservatory.Mesh.TokenBroker;

namespace IssueObservatory.Mesh.Tests.Broker;

public sealed class ProcessRenewalLockTests : RenewalLockContract
{
    private readonly ProcessRenewalLock turns = new();

    private protected override IRenewalLock Open() => turns;
}
