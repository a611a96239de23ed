using System.Globalization;
using IssueObservatory.Mesh.V1;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>The queue <c>dead-letters</c>, over a connection that lasts as long as one question.</summary>
internal sealed class RabbitMqDeadLetters(RabbitMqAddress address, TimeProvider time) : IDeadLetters
{
    public bool AreKept => true;

    /// <inheritdoc/>
    public Task<(IReadOnlyList<DeadLetter> Letters, bool More)> ListAsync(string queue, int most, CancellationToken cancellationToken) =>
        OverChannelAsync(
            async channel =>
            {
                // They are taken and not acknowledged: when the channel closes they are where they were.
                List<DeadLetter> letters = [];
                while (await channel.BasicGetAsync(RabbitMqTopology.DeadLetters, autoAck: false, cancellationToken) is { } message)
                {
                    var letter = Read(message.BasicProperties);
                    if (queue.Length > 0 && letter.Queue != queue)
                    {
                        continue;
                    }

                    if (letters.Count == most)
                    {
                        return ((IReadOnlyList<DeadLetter>)letters, true);
                    }

                    letters.Add(letter);
                }

                return (letters, false);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<(int Replayed, int Left)> ReplayAsync(string queue, CancellationToken cancellationToken) =>
        OverChannelAsync(
            async channel =>
            {
                var (replayed, left, begun) = (0, 0, time.GetUtcNow());
                while (await channel.BasicGetAsync(RabbitMqTopology.DeadLetters, autoAck: false, cancellationToken) is { } message)
                {
                    var letter = Read(message.BasicProperties);
                    if (letter.DiedAt > begun)
                    {
                        // It came back already. What follows is as new.
                        break;
                    }

                    if (queue.Length > 0 && letter.Queue != queue)
                    {
                        continue;
                    }

                    if (await SendBackAsync(channel, letter.Queue, message, cancellationToken))
                    {
                        await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
                        replayed++;
                    }
                    else
                    {
                        left++;
                    }
                }

                return (replayed, left);
            },
            cancellationToken);

    /// <summary>Whether its queue has confirmed it.</summary>
    private static async Task<bool> SendBackAsync(IChannel channel, string queue, BasicGetResult message, CancellationToken cancellationToken)
    {
        var properties = message.BasicProperties.WithoutTraces();
        foreach (var header in new[] { EventHeaders.Tries, EventHeaders.Origin, EventHeaders.Reason, EventHeaders.DiedAt })
        {
            properties.Headers!.Remove(header);
        }

        try
        {
            await channel.BasicPublishAsync(exchange: "", queue, mandatory: true, properties, message.Body, cancellationToken);
            return true;
        }
        catch (PublishException)
        {
            return false;
        }
    }

    private static DeadLetter Read(IReadOnlyBasicProperties properties)
    {
        var byUs = properties.Text(EventHeaders.Origin);
        return new(
            properties.MessageId ?? "",
            byUs.Length > 0 ? byUs : properties.Text("x-first-death-queue"),
            byUs.Length > 0 ? properties.Text(EventHeaders.Reason) : "ended its consumer's process again and again",
            properties.Number(EventHeaders.Tries, missing: 0),
            DateTimeOffset.TryParse(properties.Text(EventHeaders.DiedAt), CultureInfo.InvariantCulture, out var at) ? at : null);
    }

    private async Task<T> OverChannelAsync<T>(Func<IChannel, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await address.ConnectAsync("dead letters", cancellationToken);
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
            await RabbitMqTopology.DeclareDeadLettersAsync(channel, cancellationToken);
            return await work(channel);
        }
        catch (Exception failed) when (failed is RabbitMQClientException or IOException)
        {
            throw new MeshException(ErrorReason.Unavailable, $"RabbitMQ at {address} {RabbitMqHealth.Obstacle([failed])}.", failed);
        }
    }
}
