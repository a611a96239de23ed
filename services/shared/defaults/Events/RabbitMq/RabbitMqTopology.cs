using System.Globalization;
using MassTransit;
using RabbitMQ.Client;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Everything that the mesh has on the broker, all of it durable and replicated: an exchange for each event, a queue for each service and event,
/// a queue for each pause between tries, and one for dead letters. Publishers and consumers declare it alike, whoever comes first.
/// </summary>
internal sealed class RabbitMqTopology(EventPatience patience)
{
    /// <summary>The exchange and the queue of what could not be handled.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>An event that took its consumer's process down so often is a dead letter; stops and restarts of a healthy one stay far below.</summary>
    private const int MostLosses = 20;

    // Looking at a dead letter counts as a delivery, and must never be what deletes it.
    private const int LooksAtDeadLetters = 1_000_000;

    /// <summary>Queues whose messages wait and then go back to the queue that their routing key names, by pause.</summary>
    public IReadOnlyDictionary<TimeSpan, string> Pauses { get; } = patience.Pauses.Distinct().ToDictionary(pause => pause, NameOf);

    /// <summary>How a service's queue is declared.</summary>
    public static Dictionary<string, object?> QueueArguments() => Quorum(("x-delivery-limit", MostLosses), ("x-dead-letter-exchange", DeadLetters));

    /// <summary>Declares the queue of dead letters.</summary>
    public static Task DeclareDeadLettersAsync(IChannel channel, CancellationToken cancellationToken) => DeclareAsync(channel, DeadLetters, DeadLetterArguments(), cancellationToken);

    /// <summary>Declares what the queues of the bus need; changes nothing that is there.</summary>
    /// <param name="channel">A channel, open or to be failed.</param>
    /// <param name="contract">The event, with all its queues.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task DeclareAsync(IChannel channel, EventContract contract, CancellationToken cancellationToken)
    {
        await DeclareDeadLettersAsync(channel, cancellationToken);
        foreach (var (pause, name) in Pauses)
        {
            await DeclareAsync(channel, name, PauseArguments(pause), cancellationToken);
        }

        await channel.ExchangeDeclareAsync(contract.Name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        foreach (var name in contract.Queues)
        {
            await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, QueueArguments(), cancellationToken: cancellationToken);
            await channel.QueueBindAsync(name, contract.Name, routingKey: "", cancellationToken: cancellationToken);
        }
    }

    /// <summary>Lets whoever publishes an event declare it with all its queues before the first is sent over a connection.</summary>
    public static void Publish(IRabbitMqBusFactoryConfigurator bus, EventContract contract) => bus.Publish(contract.Type, publish =>
    {
        BindQueue(publish, DeadLetters, DeadLetters, DeadLetterArguments());
        foreach (var queue in contract.Queues)
        {
            BindQueue(publish, contract.Name, queue, QueueArguments());
        }
    });

    private static void BindQueue(IRabbitMqMessagePublishTopologyConfigurator publish, string exchange, string queue, Dictionary<string, object?> arguments) =>
        publish.BindQueue(exchange, queue, binding =>
        {
            foreach (var (key, value) in arguments)
            {
                binding.SetQueueArgument(key, value);
            }
        });

    private static async Task DeclareAsync(IChannel channel, string name, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        await channel.ExchangeDeclareAsync(name, ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);
        await channel.QueueDeclareAsync(name, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken);
        await channel.QueueBindAsync(name, name, routingKey: "", cancellationToken: cancellationToken);
    }

    private static Dictionary<string, object?> DeadLetterArguments() => new(StringComparer.Ordinal) { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = LooksAtDeadLetters };

    // To the default exchange with the routing key that they came with: the name of the queue that they go back to.
    private static Dictionary<string, object?> PauseArguments(TimeSpan pause) =>
        Quorum(("x-message-ttl", (int)pause.TotalMilliseconds), ("x-dead-letter-exchange", ""));

    /// <summary>A queue that lets a message go only once the next one has confirmed it.</summary>
    private static Dictionary<string, object?> Quorum(params (string Key, object Value)[] more)
    {
        Dictionary<string, object?> arguments = new(StringComparer.Ordinal)
        {
            ["x-queue-type"] = "quorum",
            ["x-dead-letter-strategy"] = "at-least-once",
            ["x-overflow"] = "reject-publish",
        };
        foreach (var (key, value) in more)
        {
            arguments[key] = value;
        }

        return arguments;
    }

    private static string NameOf(TimeSpan pause) => string.Create(CultureInfo.InvariantCulture, $"retry-{pause.TotalMilliseconds:0}ms");
}
