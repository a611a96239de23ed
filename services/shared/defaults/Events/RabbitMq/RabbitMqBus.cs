using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The bus of a process that is one service among others: MassTransit over RabbitMQ.</summary>
internal static class RabbitMqBus
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    internal static void Add(IHostApplicationBuilder builder, RabbitMqAddress address)
    {
        // What goes wrong here is told by readiness and by the receipt of events, in our own words and without content.
        builder.Logging.AddFilter("MassTransit", LogLevel.None);

        var services = builder.Services;
        services.AddMeshOptions<EventOptions>(EventOptions.Section);
        services.AddSingleton(address);
        services.AddSingleton<RabbitMqTopology>();
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingRabbitMq((context, rabbit) => Connect(context, rabbit, address));

            // Ours says what is missing.
            bus.ConfigureHealthCheckOptions(health => health.MinimalFailureStatus = HealthStatus.Degraded);
        });

        // A host comes up without its broker. Nothing that is published meanwhile is lost: publishing waits for the connection, and declares the queues.
        services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = false);
        services.AddHealthChecks().AddCheck<RabbitMqHealth>("RabbitMQ");
        services.AddSingleton<IEvents, RabbitMqEvents>();
        services.AddSingleton<IDeadLetters, RabbitMqDeadLetters>();
    }

    private static void Connect(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, RabbitMqAddress address)
    {
        var topology = context.GetRequiredService<RabbitMqTopology>();
        rabbit.Host(address.Host, address.Port, address.VirtualHost, context.GetRequiredService<MeshHost>().Name, host =>
        {
            host.Username(address.User);
            host.Password(address.Password.Reveal());
            host.OnRefreshConnectionFactory = RabbitMqLogin.TryAsync;
            host.PublisherConfirmation = true;
            host.Heartbeat(Heartbeat);
        });
        rabbit.MessageTopology.SetEntityNameFormatter(new EventNames());
        var contracts = Contracts(context.GetServices<EventHandlerRegistration>());
        foreach (var contract in contracts.Values)
        {
            RabbitMqTopology.Publish(rabbit, contract);
        }

        MeshBus.Listen(context, rabbit, typeof(QueuedEventConsumer<,>), (endpoint, type, queue) => SetUp(context, topology, endpoint, contracts[type], queue));
    }

    /// <summary>All events of the mesh and of this host, each with the queues that its contract names and those of this host.</summary>
    private static Dictionary<Type, EventContract> Contracts(IEnumerable<EventHandlerRegistration> handlers)
    {
        var contracts = EventContract.All.ToDictionary(contract => contract.Type);
        foreach (var (service, type, _) in handlers)
        {
            var contract = contracts.GetValueOrDefault(type) ?? EventContract.Of(type);
            contracts[type] = contract with { Queues = [.. contract.Queues.Union([EventContract.QueueOf(service, type)], StringComparer.Ordinal)] };
        }

        return contracts;
    }

    private static void SetUp(IServiceProvider provider, RabbitMqTopology topology, IRabbitMqReceiveEndpointConfigurator endpoint, EventContract contract, string queue)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        foreach (var (key, value) in RabbitMqTopology.QueueArguments())
        {
            endpoint.SetQueueArgument(key, value);
        }

        endpoint.ConfigureChannel(channel => channel.UseExecuteAsync(opened => topology.DeclareAsync(opened.Channel, contract, opened.CancellationToken)));

        // Whatever happens to a message is decided by its receipt, around all that MassTransit does with it.
        endpoint.DiscardSkippedMessages();
        endpoint.RethrowFaultedMessages();
        var receipt = ActivatorUtilities.CreateInstance<RabbitMqReceipt>(provider, contract, queue);
        endpoint.ConfigureReceive(receive => receive.UseFilter(receipt));
    }

    private sealed class EventNames : IEntityNameFormatter
    {
        public string FormatEntityName<T>() => EventContract.Of(typeof(T)).Name;
    }
}
