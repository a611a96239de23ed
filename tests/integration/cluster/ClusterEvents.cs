using System.Text.Json;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Tests;
using RabbitMQ.Client;

namespace IssueObservatory.Mesh.Integration.Cluster;

/// <summary>A test's own connection to the broker of a cluster: it sees a copy of each event, and sends what another program might send.</summary>
internal sealed class ClusterEvents : IAsyncDisposable
{
    private const string Copies = "copies-of-a-test";
    private const int LooksThatShowQuiet = 10;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly IConnection connection;
    private readonly IChannel channel;

    private ClusterEvents(IConnection connection, IChannel channel) => (this.connection, this.channel) = (connection, channel);

    /// <summary>The queue of every service for every event that it handles.</summary>
    public static IReadOnlyList<string> Queues { get; } = [.. EventContract.All.SelectMany(contract => contract.Queues)];

    /// <summary>Connects, and has each event copied from now on.</summary>
    public static async Task<ClusterEvents> OpenAsync(RunningCluster cluster)
    {
        var opened = await RabbitMqServer.ConnectAsync(cluster.RabbitMqAddress);
        var events = new ClusterEvents(opened, await opened.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true)));
        await events.channel.QueueDeclareAsync(Copies, durable: true, exclusive: false, autoDelete: false);
        foreach (var contract in EventContract.All)
        {
            await events.channel.ExchangeDeclareAsync(contract.Name, ExchangeType.Fanout, durable: true, autoDelete: false);
            await events.channel.QueueBindAsync(Copies, contract.Name, routingKey: "");
        }

        return events;
    }

    /// <summary>The page that an event tells of, with the event's name; null when it tells of none.</summary>
    public static (string Event, string Page)? PageOf(BasicGetResult copy)
    {
        using var json = JsonDocument.Parse(copy.Body);
        return json.RootElement.GetProperty("message").TryGetProperty("pageId", out var page) ? (copy.Exchange, page.GetString()!) : null;
    }

    /// <summary>The events since the last time, once none has come for a while.</summary>
    public Task<IReadOnlyList<BasicGetResult>> TakeAsync(TimeSpan quiet) => RabbitMqServer.DrainAsync(channel, Copies, quiet);

    /// <summary>The same event so many times more, to every service that handles it.</summary>
    public async Task AgainAsync(BasicGetResult copy, int times)
    {
        foreach (var queue in EventContract.All.Single(contract => contract.Name == copy.Exchange).Queues.SelectMany(queue => Enumerable.Repeat(queue, times)))
        {
            await PutAsync(queue, copy.Body, new BasicProperties(copy.BasicProperties));
        }
    }

    /// <summary>Sends a message straight into a queue.</summary>
    public async Task PutAsync(string queue, ReadOnlyMemory<byte> body, BasicProperties properties) =>
        await channel.BasicPublishAsync(exchange: "", queue, mandatory: true, properties, body);

    /// <summary>Deletes a queue, whoever consumes it.</summary>
    public async Task DeleteAsync(string queue) => await channel.QueueDeleteAsync(queue);

    /// <summary>Waits until no event waits for anybody.</summary>
    public async Task UntilQuietAsync(CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        for (var quiet = 0; quiet < LooksThatShowQuiet; await Task.Delay(Look, TimeProvider.System, cancellationToken))
        {
            uint waiting = 0;
            foreach (var queue in Queues)
            {
                waiting += await channel.MessageCountAsync(queue, cancellationToken);
            }

            quiet = waiting == 0 ? quiet + 1 : 0;
            if (TimeProvider.System.GetElapsedTime(begun) > RunningCluster.LongestStart)
            {
                throw new TimeoutException($"{waiting} events are still waiting.");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
