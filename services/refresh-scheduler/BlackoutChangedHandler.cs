using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;

namespace IssueObservatory.Mesh.RefreshScheduler;

/// <summary>Days that TikTok answers for again: their videos, which wait for that, are due at once.</summary>
internal sealed class BlackoutChangedHandler(IRefreshStore store, TimeProvider clock) : IEventHandler<BlackoutChanged>
{
    /// <summary>Refreshes ask by id.</summary>
    private const string Ids = "id";

    /// <summary>A video may be found a day beside its upload.</summary>
    private const int Slack = 1;

    private const int Portion = 1000;

    public async Task HandleAsync(BlackoutChanged message, CancellationToken cancellationToken)
    {
        if (message.IsDark || message.Class != Ids)
        {
            return;
        }

        foreach (var labId in await store.ListLabsAsync(cancellationToken))
        {
            // Who is woken is not listed again.
            while (await store.ListDarkAsync(labId, message.From.AddDays(-Slack), message.To.AddDays(Slack), Portion, cancellationToken) is { Count: > 0 } dark)
            {
                await store.ScheduleAsync(labId, [.. dark.Select(video => RefreshPlan.Lit(video, clock.GetUtcNow()))], cancellationToken);
            }
        }
    }
}
