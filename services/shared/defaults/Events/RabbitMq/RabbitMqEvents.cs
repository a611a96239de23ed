using System.Diagnostics;
using System.Globalization;
using IssueObservatory.Mesh.V1;
using MassTransit;
using Microsoft.Extensions.Options;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>Events over the broker: each waits for its confirmation, and no longer than the deadline.</summary>
internal sealed class RabbitMqEvents(IBus bus, RabbitMqAddress address, IOptions<EventOptions> options, TimeProvider time) : IEvents
{
    /// <inheritdoc/>
    public async Task PublishAsync<TEvent>(TEvent message, CancellationToken cancellationToken)
        where TEvent : class
    {
        var limit = options.Value.PublishDeadline;
        using var deadline = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            // Waiting here too: not all that the transport does hears of the token.
            await bus.Publish(message, Describe, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException late)
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
