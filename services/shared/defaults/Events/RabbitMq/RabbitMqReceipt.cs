using System.Diagnostics;
using System.Globalization;
using MassTransit;
using MassTransit.RabbitMqTransport;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Decides what becomes of a message: handled, tried again after a pause that the broker keeps, or laid to the dead letters.
/// It is acknowledged only after the one or the other is durable; when that cannot be done it goes back to its queue.
/// </summary>
internal sealed partial class RabbitMqReceipt(
    EventContract contract,
    string queue,
    RabbitMqTopology topology,
    EventPatience patience,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RabbitMqReceipt> logger) : IFilter<ReceiveContext>
{
    /// <summary>No event is larger: they carry ids and counts.</summary>
    public const int MaxBodyBytes = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        if (!context.TryGetPayload<ChannelContext>(out var channel) || !context.TryGetPayload<RabbitMqBasicConsumeContext>(out var message))
        {
            throw new InvalidOperationException("This is not a message of RabbitMQ.");
        }

        if ((Refuse(message) ?? await TryAsync(context, next)) is { } failure)
        {
            await PassOnAsync(channel, message, context.Body.GetBytes(), failure);
        }
    }

    /// <inheritdoc/>
    public void Probe(ProbeContext context) => context.CreateFilterScope("receipt");

    private EventFailure? Refuse(RabbitMqBasicConsumeContext message) =>
        message is ReceiveContext { Body.Length: > MaxBodyBytes } ? EventFailure.TooLarge
        : contract.Understands(message.Properties.Number(EventHeaders.Version, missing: 1)) ? null
        : EventFailure.UnknownVersion;

    private static async Task<EventFailure?> TryAsync(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        try
        {
            await next.Send(context);
        }
        catch (OperationCanceledException)
        {
            // The bus is stopping: not a word about the message.
            throw;
        }
#pragma warning disable CA1031 // Whatever a body makes its reader throw, the queue goes on.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            // What a handler throws does not come this far.
            return EventFailure.Unreadable(unreadable);
        }

        return context.TryGetPayload<EventFailure>(out var failure) ? failure : context.IsDelivered ? null : EventFailure.UnknownType;
    }

    private async Task PassOnAsync(ChannelContext channel, RabbitMqBasicConsumeContext message, byte[] body, EventFailure failure)
    {
        var tries = message.Properties.Number(EventHeaders.Tries, missing: 0) + 1;
        var properties = message.Properties.WithoutTraces();
        var id = properties.MessageId ?? "";
        if (!failure.IsFinal && lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Most likely it failed because everything around it ends: that try does not count.
            properties.Headers![EventHeaders.Tries] = tries - 1;
            await channel.BasicPublishAsync(topology.Pauses[patience.Pauses[0]], queue, mandatory: true, properties, body, awaitAck: true);
        }
        else if (!failure.IsFinal && patience.PauseAfter(tries) is { } pause)
        {
            properties.Headers![EventHeaders.Tries] = tries;
            await channel.BasicPublishAsync(topology.Pauses[pause], queue, mandatory: true, properties, body, awaitAck: true);
            Log.Again(logger, contract.Type.Name, id, queue, pause.TotalSeconds, failure.Reason);
        }
        else
        {
            Activity.Current?.SetStatus(ActivityStatusCode.Error);
            properties.Headers![EventHeaders.Tries] = tries;
            properties.Headers[EventHeaders.Origin] = queue;
            properties.Headers[EventHeaders.Reason] = failure.Reason;
            properties.Headers[EventHeaders.DiedAt] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
            await channel.BasicPublishAsync(RabbitMqTopology.DeadLetters, "", mandatory: true, properties, body, awaitAck: true);
            Log.Dead(logger, contract.Type.Name, id, queue, tries, failure.Reason);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{EventType} {EventId} of {Queue} failed with {Reason}; it comes again in {Seconds} s.")]
        public static partial void Again(ILogger logger, string eventType, string eventId, string queue, double seconds, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "{EventType} {EventId} of {Queue} is a dead letter after {Tries} tries: {Reason}. `mesh replay --dead-letters` sends it back.")]
        public static partial void Dead(ILogger logger, string eventType, string eventId, string queue, int tries, string reason);
    }
}
