using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// The bus of a host: over RabbitMQ when <c>ConnectionStrings:RabbitMq</c> is set, in memory otherwise. The registrations are read when the bus is built,
/// after every service has made its own, so it does not matter whether services are added before or after it.
/// </summary>
internal static class MeshBus
{
    private const int EventsInHand = 16;

    internal static void Add(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton(EventPatience.Usual);
        services.Configure<MassTransitHostOptions>(options =>
        {
            options.StopTimeout = TimeSpan.FromSeconds(5);
            options.ConsumerStopTimeout = TimeSpan.FromSeconds(3);
        });
        if (RabbitMqAddress.Find(new ConnectionStrings(builder.Configuration)) is { } address)
        {
            RabbitMqBus.Add(builder, address);
        }
        else
        {
            InMemoryBus.Add(services);
        }
    }

    /// <summary>One queue for each service and event, so that every service sees every event.</summary>
    /// <param name="provider">The host.</param>
    /// <param name="bus">The bus that is being built.</param>
    /// <param name="consumer">What gives an event to its handler: a type of both.</param>
    /// <param name="setUp">What the queues of this bus need besides.</param>
    internal static void Listen<TEndpoint>(IServiceProvider provider, IBusFactoryConfigurator<TEndpoint> bus, Type consumer, Action<TEndpoint, Type, string>? setUp = null)
        where TEndpoint : IReceiveEndpointConfigurator
    {
        foreach (var queue in provider.GetServices<EventHandlerRegistration>().GroupBy(handler => (Name: EventContract.QueueOf(handler.Service, handler.EventType), handler.EventType)))
        {
            bus.ReceiveEndpoint(queue.Key.Name, endpoint =>
            {
                endpoint.PrefetchCount = EventsInHand;
                endpoint.ConcurrentMessageLimit = EventsInHand;
                setUp?.Invoke(endpoint, queue.Key.EventType, queue.Key.Name);
                foreach (var (_, eventType, handlerType) in queue)
                {
                    endpoint.Consumer(consumer.MakeGenericType(eventType, handlerType), type => ActivatorUtilities.CreateInstance(provider, type));
                }
            });
        }
    }
}
