using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Gives an event to its handler, again after growing pauses while that fails.
/// In the end the event is logged and dropped: its source announces unfinished work again, and the events behind it go on.
/// </summary>
internal sealed partial class EventConsumer<TEvent, THandler>(IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<THandler> logger) : IConsumer<TEvent>
    where TEvent : class
    where THandler : class, IEventHandler<TEvent>
{
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromMilliseconds(500),
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(8),
        TimeSpan.FromSeconds(30),
    ];

    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<TEvent> context)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await Failpoints.HitAsync(FailpointNames.EventReceived, context.CancellationToken);
                await using var scope = scopes.CreateAsyncScope();
                await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(context.Message, context.CancellationToken);
                await Failpoints.HitAsync(FailpointNames.EventHandled, context.CancellationToken);
                return;
            }
#pragma warning disable CA1031 // Whatever a handler throws, the queue goes on.
            catch (Exception failed)
#pragma warning restore CA1031
            {
                if (lifetime.ApplicationStopping.IsCancellationRequested)
                {
                    return;
                }

                if (attempt == Pauses.Length)
                {
                    Activity.Current?.SetStatus(ActivityStatusCode.Error);
                    Log.Dropped(logger, typeof(TEvent).Name, context.MessageId, attempt + 1, failed.GetType().Name);
                    return;
                }

                Log.Again(logger, typeof(TEvent).Name, context.MessageId, Pauses[attempt].TotalSeconds, failed.GetType().Name);
            }

            if (!await Paused(Pauses[attempt]))
            {
                return;
            }
        }
    }

    private async Task<bool> Paused(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, lifetime.ApplicationStopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{EventType} {EventId} failed with {ExceptionType}; it comes again in {Seconds} s.")]
        public static partial void Again(ILogger logger, string eventType, Guid? eventId, double seconds, string exceptionType);

        [LoggerMessage(Level = LogLevel.Error, Message = "{EventType} {EventId} failed {Attempts} times, at last with {ExceptionType}, and was dropped.")]
        public static partial void Dropped(ILogger logger, string eventType, Guid? eventId, int attempts, string exceptionType);
    }
}
