using System.Diagnostics;
using System.Globalization;
using IssueObservatory.Mesh.V1;
using MassTransit;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Events over the broker: each waits for its confirmation, and no longer than the deadline.</summary>
internal sealed class RabbitMqEvents(IBus bus, RabbitMqAddress address, IOptions<EventOptions> options, TimeProvider time) : IEvents
{
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
        where TEvent : class
    {
        var limit = options.Value.PublishDeadline;
        try
        {
            await SendAsync(message).WaitAsync(limit, time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (TimeoutException late)
        {
            throw Unavailable(string.Create(CultureInfo.InvariantCulture, $"did not confirm an event within {limit.TotalSeconds:0.#} s"), late);
        }
#pragma warning disable CA1031 // The transport's exceptions are many, and all say the same: it is not sure that the broker has the event.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            throw Unavailable("did not take an event", failed);
        }
    }

    /// <summary>
    /// Goes on when nobody waits any more: after a broker's restart the first events connect and declare, and to give that up with each of them
    /// would be to begin for ever.
    /// </summary>
    private async Task SendAsync<TEvent>(TEvent message)
        where TEvent : class
    {
        using var end = new CancellationTokenSource(LongestTry, time);
        await bus.Publish(message, Describe, end.Token);
    }

    private static void Describe<TEvent>(PublishContext<TEvent> context)
        where TEvent : class
    {
        // An event that no queue takes is told instead of lost.
        context.Mandatory = true;
        context.Headers.Set(EventHeaders.Version, EventContract.Of(typeof(TEvent)).Version.ToString(CultureInfo.InvariantCulture));
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } trace })
        {
            context.Headers.Set(EventHeaders.TraceParent, trace);
        }
    }

    private MeshException Unavailable(string what, Exception cause) => new(ErrorReason.Unavailable, $"RabbitMQ at {address} {what}.", cause);
}
