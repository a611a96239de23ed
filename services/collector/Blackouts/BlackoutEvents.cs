using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Tells others what has changed of blackouts. What the bus does not take now is not told: whoever waits for light looks for itself every few hours.</summary>
internal sealed class BlackoutEvents(IEvents events)
{
    public async Task TellAsync(BlackoutNews? news, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var changed in Of(news))
            {
                await events.PublishAsync(changed, cancellationToken);
            }
        }
        catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
        {
            // Readiness says that the bus is away.
        }
    }

    /// <summary>Of days that only wait for a test nobody hears.</summary>
    private static IEnumerable<BlackoutChanged> Of(BlackoutNews? news) =>
        from each in news?.Days ?? []
        where each.IsDark || each.Light is DayLight.Good
        select new BlackoutChanged
        {
            Class = news!.Class.ToString().ToLowerInvariant(),
            From = each.Days.From,
            To = each.Days.To,
            IsDark = each.IsDark,
            At = each.At,
        };
}
