using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.Collector;

/// <summary>A new day's budget is open: whoever waits for it looks again.</summary>
internal sealed class QuotaResetHandler(Wakeups wakeups) : IEventHandler<QuotaReset>
{
    public Task HandleAsync(QuotaReset message, CancellationToken cancellationToken)
    {
        wakeups.Wake();
        return Task.CompletedTask;
    }
}
