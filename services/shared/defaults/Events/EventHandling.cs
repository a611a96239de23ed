using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>One try of a handler.</summary>
internal static class EventHandling
{
    /// <summary>Lets a handler of its own scope handle the event; answers how it failed, null when it did not.</summary>
    public static async Task<EventFailure?> HandleAsync<TEvent, THandler>(this IServiceScopeFactory scopes, ConsumeContext<TEvent> context)
        where TEvent : class
        where THandler : class, IEventHandler<TEvent>
    {
        try
        {
            await Failpoints.HitAsync(FailpointNames.EventReceived, context.CancellationToken);
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(context.Message, context.CancellationToken);
            await Failpoints.HitAsync(FailpointNames.EventHandled, context.CancellationToken);
            return null;
        }
#pragma warning disable CA1031 // Whatever a handler throws, the queue goes on.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            return EventFailure.Of(failed);
        }
    }
}
