using System.Globalization;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Keeps what the mesh knows of whether TikTok answers, and tells whoever waits for it.</summary>
internal sealed partial class OutageWatch(ICollectorStore store, CollectionStates states, CollectorOptions options, ILogger<OutageWatch> logger)
{
    private const string What = "TikTok does not answer";

    public Task<Outage> ReadAsync(CancellationToken cancellationToken) => store.ReadOutageAsync(cancellationToken);

    /// <summary>A page was kept. When this is lost, because the process died, one sign is missing: the next one counts.</summary>
    public async Task TellAsync(Answer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = await store.ReadOutageAsync(cancellationToken);
        if (ReferenceEquals(before, Breaker.After(before, answer, now, options)))
        {
            return;
        }

        var wasOpen = before.IsOpen;
        var (after, _) = await store.ChangeOutageAsync(
            known =>
            {
                wasOpen = known.IsOpen;
                return Breaker.After(known, answer, now, options);
            },
            cancellationToken);
        if (after.IsOpen && !wasOpen)
        {
            Log.Opened(logger, after.Failures);
        }
        else if (wasOpen && !after.IsOpen)
        {
            Log.Closed(logger);
            await states.NoLongerWaitAsync(What, cancellationToken);
        }
    }

    /// <summary>Whether this process makes the next control.</summary>
    public async Task<bool> ClaimAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (await store.ChangeOutageAsync(known => Breaker.Claimed(known, now), cancellationToken)).IsChanged;

    /// <summary>The control was not sent: it may be from this time on.</summary>
    public Task UnclaimAsync(DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        store.ChangeOutageAsync(known => known with { NextTryAt = notBefore }, cancellationToken);

    /// <summary>Says in every collection that could go on what it waits for.</summary>
    public async Task ExplainAsync(Outage outage, CancellationToken cancellationToken)
    {
        if (outage.IsOpen)
        {
            await states.WaitAsync(string.Create(CultureInfo.InvariantCulture, $"{What} (since {outage.Since ?? outage.OpenedAt:yyyy-MM-dd HH:mm} UTC)"), outage.NextTryAt, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "TikTok does not answer: {Failures} requests in a row failed, known good ones among them. Nothing is sent but tries until it answers again.")]
        public static partial void Opened(ILogger logger, int failures);

        [LoggerMessage(Level = LogLevel.Warning, Message = "TikTok answers again.")]
        public static partial void Closed(ILogger logger);
    }
}
