using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Defaults;

/// <summary>
/// Gives an event in memory to its handler, again after growing pauses while that fails.
/// In the end the event is logged and dropped: its source announces unfinished work again, and the events behind it go on.
/// </summary>
internal sealed partial class EventConsumer<TEvent, THandler>(IServiceScopeFactory scopes, EventPatience patience, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<THandler> logger) : IConsumer<TEvent>
    where TEvent : class
    where THandler : class, IEventHandler<TEvent>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<TEvent> context)
    {
        for (var tries = 1; ; tries++)
        {
            if (await scopes.HandleAsync<TEvent, THandler>(context) is not { } failure || lifetime.ApplicationStopping.IsCancellationRequested)
            {
                return;
            }

            if (patience.PauseAfter(tries) is not { } pause)
            {
                Activity.Current?.SetStatus(ActivityStatusCode.Error);
                Log.Dropped(logger, typeof(TEvent).Name, context.MessageId, tries, failure.Reason);
                return;
            }

            Log.Again(logger, typeof(TEvent).Name, context.MessageId, pause.TotalSeconds, failure.Reason);
            if (!await Paused(pause))
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
        [LoggerMessage(Level = LogLevel.Information, Message = "{EventType} {EventId} failed with {Reason}; it comes again in {Seconds} s.")]
        public static partial void Again(ILogger logger, string eventType, Guid? eventId, double seconds, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "{EventType} {EventId} failed {Tries} times, at last with {Reason}, and was dropped.")]
        public static partial void Dropped(ILogger logger, string eventType, Guid? eventId, int tries, string reason);
    }
}
