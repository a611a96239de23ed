using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Gives an event from a queue to its handler, once; how it failed is left to <see cref="RabbitMqReceipt"/>.</summary>
internal sealed class QueuedEventConsumer<TEvent, THandler>(IServiceScopeFactory scopes) : IConsumer<TEvent>
    where TEvent : class
    where THandler : class, IEventHandler<TEvent>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<TEvent> context)
    {
        if (await scopes.HandleAsync<TEvent, THandler>(context) is { } failure)
        {
            context.ReceiveContext.AddOrUpdatePayload(() => failure, _ => failure);
        }
    }
}
