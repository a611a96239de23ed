using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// The bus of a host: MassTransit in memory. The registrations are read when the bus is built, after every service has made its own,
/// so it does not matter whether services are added before or after it.
/// </summary>
internal static class MeshBus
{
    private const int EventsInHand = 16;

    internal static void Add(IServiceCollection services)
    {
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingInMemory((context, memory) => Listen(context, memory));
        });
        services.Configure<MassTransitHostOptions>(options =>
        {
            // Otherwise what is published before an endpoint is bound is lost without a word.
            options.WaitUntilStarted = true;
            options.StopTimeout = TimeSpan.FromSeconds(5);
            options.ConsumerStopTimeout = TimeSpan.FromSeconds(3);
        });
        services.AddSingleton<IEvents, MassTransitEvents>();
    }

    /// <summary>One queue for each service and event, so that every service sees every event.</summary>
    private static void Listen(IServiceProvider provider, IBusFactoryConfigurator bus)
    {
        foreach (var queue in provider.GetServices<EventHandlerRegistration>().GroupBy(QueueOf, StringComparer.Ordinal))
        {
            bus.ReceiveEndpoint(queue.Key, endpoint =>
            {
                endpoint.PrefetchCount = EventsInHand;
                endpoint.ConcurrentMessageLimit = EventsInHand;
                foreach (var (_, eventType, handlerType) in queue)
                {
                    endpoint.Consumer(typeof(EventConsumer<,>).MakeGenericType(eventType, handlerType), consumer => ActivatorUtilities.CreateInstance(provider, consumer));
                }
            });
        }
    }

    private static string QueueOf(EventHandlerRegistration registration) =>
        $"{registration.Service}-{KebabCaseEndpointNameFormatter.Instance.SanitizeName(registration.EventType.Name)}";
}
