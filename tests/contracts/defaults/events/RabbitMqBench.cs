using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.Tests;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace IssueObservatory.Mesh.Contracts.Defaults;

/// <summary>One part of a broker with hosts on it, and a connection of the test's own that sees what is really there.</summary>
internal sealed class RabbitMqBench : IAsyncDisposable
{
    /// <summary>The queue of the service <c>normalizer</c>, which the contract of the event names.</summary>
    public const string Queue = "normalizer-page-stored";

    private readonly List<DefaultsHost> hosts = [];

    private RabbitMqBench(string address, IConnection connection, IChannel channel) => (Address, Connection, Channel) = (address, connection, channel);

    public string Address { get; }

    public IConnection Connection { get; }

    public IChannel Channel { get; }

    public Received Received { get; } = new();

    public static async Task<RabbitMqBench> StartAsync(string address)
    {
        var connection = await RabbitMqServer.ConnectAsync(address);
        return new(address, connection, await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)));
    }

    /// <summary>A host that publishes, and handles pages as the service <c>normalizer</c> where it is told to.</summary>
    public async Task<DefaultsHost> HostAsync(bool handles, EventPatience? patience = null, Action<IServiceCollection>? add = null, params (string Key, string Value)[] settings)
    {
        var host = await DefaultsHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(Received).AddSingleton(patience ?? Patience(20, 40, 60, 80));
                if (handles)
                {
                    builder.Services.AddEventHandler<PageStored, FirstHandler>("normalizer");
                }

                add?.Invoke(builder.Services);
            },
            settings: settings.Append(("ConnectionStrings:RabbitMq", Address)).ToDictionary(pair => pair.Item1, pair => (string?)pair.Item2, StringComparer.Ordinal));
        hosts.Add(host);
        return host;
    }

    /// <summary>Publishes a page's event as the services do.</summary>
    public static Task PublishAsync(DefaultsHost host, string page) =>
        host.Services.GetRequiredService<IEvents>().PublishAsync(new PageStored { LabId = "lab-1", PageId = page }, CancellationToken.None);

    /// <summary>Puts a message into the exchange of an event as another program may.</summary>
    public Task PublishRawAsync(string exchange, ReadOnlyMemory<byte> body, string contentType = "application/vnd.masstransit+json", params (string Key, string Value)[] headers)
    {
        var properties = new BasicProperties
        {
            MessageId = Guid.NewGuid().ToString(),
            ContentType = contentType,
            Persistent = true,
            Headers = headers.ToDictionary(pair => pair.Key, pair => (object?)pair.Value, StringComparer.Ordinal),
        };
        return Channel.BasicPublishAsync(exchange, routingKey: "", mandatory: true, properties, body).AsTask();
    }

    /// <summary>The body of an event, its message written by hand.</summary>
    public static byte[] Body<TEvent>(string message) => Encoding.UTF8.GetBytes(
        $$"""{"messageId":"{{Guid.NewGuid()}}","messageType":["urn:message:{{typeof(TEvent).Namespace}}:{{typeof(TEvent).Name}}"],"message":{{message}}}""");

    /// <summary>The page that the body of an event tells of.</summary>
    public static string PageOf(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("message").GetProperty("pageId").GetString()!;
    }

    /// <summary>Waits until the host's queues are connected.</summary>
    public static Task ReadyAsync(DefaultsHost host) =>
        Wait.UntilAsync(() => host.Services.GetRequiredService<MassTransit.IBusControl>().CheckHealth().Status is MassTransit.BusHealthStatus.Healthy);

    /// <summary>The dead letters, once there are so many.</summary>
    public static async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(DefaultsHost host, int count)
    {
        IReadOnlyList<DeadLetter> letters = [];
        await Wait.UntilAsync(async () => (letters = (await host.Services.GetRequiredService<IDeadLetters>().ListAsync("", 1000, CancellationToken.None)).Letters).Count >= count);
        return letters;
    }

    public static EventPatience Patience(params int[] milliseconds) => new([.. milliseconds.Select(each => TimeSpan.FromMilliseconds(each))]);

    public async ValueTask DisposeAsync()
    {
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        await Channel.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
