using Grpc.Core;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using QuotaGovernorBase = IssueObservatory.Mesh.V1.QuotaGovernor.QuotaGovernorBase;
using RefreshSchedulerBase = IssueObservatory.Mesh.V1.RefreshScheduler.RefreshSchedulerBase;
using TokenBrokerBase = IssueObservatory.Mesh.V1.TokenBroker.TokenBrokerBase;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>What the fakes do when they are called; a test sets it.</summary>
internal sealed class Behaviour
{
    private int calls;

    public int Calls => Volatile.Read(ref calls);

    public Func<ServerCallContext, Task> OnCall { get; set; } = _ => Task.CompletedTask;

    public ICallerIdentity? Seen { get; private set; }

    public async Task RunAsync(ServerCallContext context)
    {
        Interlocked.Increment(ref calls);
        Seen = context.Identity();
        await OnCall(context);
    }
}

/// <summary>Methods for the mesh, for readers, and a stream.</summary>
internal sealed class FakeGovernor(Behaviour behaviour) : QuotaGovernorBase
{
    public override async Task<ReserveQuotaResponse> ReserveQuota(ReserveQuotaRequest request, ServerCallContext context)
    {
        await behaviour.RunAsync(context);
        return new ReserveQuotaResponse();
    }

    public override async Task<GetQuotaResponse> GetQuota(GetQuotaRequest request, ServerCallContext context)
    {
        await behaviour.RunAsync(context);
        return new GetQuotaResponse();
    }

    public override async Task WatchQuota(WatchQuotaRequest request, IServerStreamWriter<WatchQuotaResponse> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new WatchQuotaResponse());
        await behaviour.RunAsync(context);
    }
}

/// <summary>A method for administrators.</summary>
internal sealed class FakeBroker(Behaviour behaviour) : TokenBrokerBase
{
    public override async Task<ListCredentialsResponse> ListCredentials(ListCredentialsRequest request, ServerCallContext context)
    {
        await behaviour.RunAsync(context);
        return new ListCredentialsResponse();
    }
}

/// <summary>A method that costs quota.</summary>
internal sealed class FakeScheduler(Behaviour behaviour) : RefreshSchedulerBase
{
    public override async Task<RunRefreshResponse> RunRefresh(RunRefreshRequest request, ServerCallContext context)
    {
        await behaviour.RunAsync(context);
        return new RunRefreshResponse();
    }
}
