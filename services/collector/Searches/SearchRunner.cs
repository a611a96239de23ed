using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Walks the open searches, one request after the other, as long as there is quota and somebody waits for them.</summary>
internal sealed partial class SearchRunner(
    ICollectorStore store,
    RequestSender sender,
    SearchShading shading,
    OutageWatch outages,
    CollectionStates states,
    RefreshAnswers refreshes,
    CollectorInstance instance,
    SearchesInHand inHand,
    AwakeWork awake,
    Wakeups wakeups,
    CallerTurns turns,
    CollectorMetrics metrics,
    CollectorOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<SearchRunner> logger) : MeshWorker(lifetime)
{
    private const int Candidates = 8;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterDefect = TimeSpan.FromSeconds(10);

    /// <summary>A request that fails so often in a row by a defect of ours is not tried again by itself.</summary>
    private const int MostDefects = 3;

    private readonly ConcurrentDictionary<string, int> defects = new(StringComparer.Ordinal);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await instance.Begun.WaitAsync(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, options.Walkers).Select(_ => WalkAsync(stoppingToken)));
    }

    private async Task WalkAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wakeup = wakeups.Next;
            await UntilDoneAsync(
                async () =>
                {
                    var waitUntil = await StepAsync(cancellationToken);
                    await Wakeups.WaitAsync(wakeup, waitUntil, time, cancellationToken);
                },
                cancellationToken);
        }
    }

    /// <summary>A store that is away (the heartbeat tells of it) and a defect end no walk: both are tried again.</summary>
    private async Task UntilDoneAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await work();
                return;
            }
            catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
            {
                await Task.Delay(Idle, time, cancellationToken);
            }
            catch (Exception defect) when (!cancellationToken.IsCancellationRequested)
            {
                Log.Defect(logger, defect);
                await Task.Delay(AfterDefect, time, cancellationToken);
            }
        }
    }

    /// <summary>Walks one step of the first search that may go on; returns when to look again.</summary>
    private async Task<DateTimeOffset> StepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lookAgain = now + Idle;
        var outage = await outages.ReadAsync(cancellationToken);
        var gate = Breaker.Of(outage, now);
        var listed = await store.ListOpenAsync(awake.Ids, now, Candidates, cancellationToken);
        if (await EndChecksAsync(listed, outage, now, cancellationToken))
        {
            return now;
        }

        if (gate is Gate.Shut)
        {
            await outages.ExplainAsync(outage, cancellationToken);
            return outage.NextTryAt;
        }

        HeldWork held = new();
        List<OpenSearch> unproven = [];
        var candidates = await turns.OrderAsync([.. listed.Where(candidate => candidate.Checkpoint.InFlightGrant.Length == 0)], now, cancellationToken);
        if (gate is Gate.Control)
        {
            return await ControlAsync(candidates, outage, now, cancellationToken);
        }

        foreach (var open in candidates)
        {
            if (open.Checkpoint.NotBefore > now)
            {
                lookAgain = Earlier(lookAgain, open.Checkpoint.NotBefore);
                continue;
            }

            var givenUp = open.Search.Kind is SearchKind.Refresh && defects.GetValueOrDefault(KeyOf(open.Search)) >= MostDefects;
            using var hand = givenUp || held.Holds(open) ? null : inHand.Take(open.Search);
            if (hand is null)
            {
                continue;
            }

            switch (await shading.TurnAsync(open, outage, cancellationToken))
            {
                case Shading.Turned:
                    return now;
                case Shading.Held:
                    continue;
                case Shading.Unproven:
                    unproven.Add(open);
                    continue;
            }

            var result = await TrySendAsync(open, control: null, cancellationToken);
            if (await ActAsync(open, result, cancellationToken) is not { } wait)
            {
                return now;
            }

            lookAgain = Earlier(lookAgain, wait);
            if (open.Search.Twin is null)
            {
                held.Add(open, (result as SendResult.Refused)?.Refusal.Reason);
            }
        }

        // Nothing else is there that could prove it.
        return unproven.Count > 0 && !held.Any ? await ControlAsync(unproven, outage, now, cancellationToken) : lookAgain;
    }

    /// <summary>A check of the local match that is over holds up neither its collection nor anything else. Returns whether there was one.</summary>
    private async Task<bool> EndChecksAsync(IReadOnlyList<OpenSearch> listed, Outage outage, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = false;
        foreach (var check in listed.Where(open => open.Search.Twin is { } twin && open.Checkpoint.InFlightGrant.Length == 0 && (now > twin.Until || outage.IsOpen || outage.IsInDoubt)))
        {
            ended |= await shading.TurnAsync(check, outage, cancellationToken) is Shading.Turned;
        }

        return ended;
    }

    /// <summary>Asks for something that is known to be good; one process of the mesh at a time, in the name of the first lab that can. Returns when to look again.</summary>
    private async Task<DateTimeOffset> ControlAsync(IReadOnlyList<OpenSearch> candidates, Outage outage, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (candidates.Count == 0 || !await outages.ClaimAsync(now, cancellationToken))
        {
            return now + Idle;
        }

        DateTimeOffset? later = null;
        var useful = Control.Useful(candidates, outage, now);
        foreach (var open in candidates.Prepend(useful).OfType<OpenSearch>().DistinctBy(each => each.Search.LabId, StringComparer.Ordinal))
        {
            using var hand = inHand.Take(open.Search);
            if (hand is null)
            {
                continue;
            }

            var control = open == useful ? new(Day: null) : Control.Any(outage, now);
            var result = await TrySendAsync(open, control, cancellationToken);
            var until = await ActAsync(open, result, cancellationToken);
            if (result is SendResult.Kept)
            {
                return now;
            }

            later = until is { } wait && !(later < wait) ? wait : later;
        }

        await outages.UnclaimAsync(now, cancellationToken);
        return later ?? now + Idle;
    }

    /// <summary>A defect of ours that meets the same search again and again fails those who wait for it, instead of spending a unit each time.</summary>
    private async Task<SendResult> TrySendAsync(OpenSearch open, Control? control, CancellationToken cancellationToken)
    {
        try
        {
            var result = await sender.SendAsync(open, control, cancellationToken);
            defects.TryRemove(KeyOf(open.Search), out _);
            return result;
        }
        catch (Exception defect) when (defect is not MeshException { Reason: ErrorReason.Unavailable } && !cancellationToken.IsCancellationRequested && defects.AddOrUpdate(KeyOf(open.Search), 1, (_, times) => times + 1) >= MostDefects)
        {
            if (open.Search.Twin is not null)
            {
                return new SendResult.Unreachable(defect.Message, time.GetUtcNow() + Idle);
            }

            Log.GivenUp(logger, defect, open.Search.SearchId);
            await states.FailAsync(open.Search.LabId, open.Collections, $"INTERNAL: a request failed {MostDefects} times by a defect of the mesh ({defect.GetType().Name})", cancellationToken);
            return new SendResult.LookAgain();
        }
    }

    /// <summary>Until when the lab's searches of the same budget wait; null when they do not.</summary>
    private async Task<DateTimeOffset?> ActAsync(OpenSearch open, SendResult result, CancellationToken cancellationToken)
    {
        switch (result)
        {
            case SendResult.Kept kept:
                await AfterPageAsync(open, kept);
                await turns.ChargeAsync(open.Search.LabId, open.Collections, kept.Positions, kept.Outcome, time.GetUtcNow(), CancellationToken.None);
                return null;
            case SendResult.Refused or SendResult.Unreachable or SendResult.Impossible when open.Search.Twin is not null:
                // It is sent soon or not at all: what holds it up is told by whatever else it holds up.
                return time.GetUtcNow() + Idle;
            case SendResult.Refused { Refusal: { Reason: RefusalReason.CallerCap or RefusalReason.RefreshDue } refusal }:
                await states.WaitAsync(open, refusal, cancellationToken);
                return refusal.RetryAt.ToDateTimeOffset();
            case SendResult.Refused { Refusal: var refusal }:
                await states.WaitAsync(open.Search.LabId, open.Search.Bucket, refusal, cancellationToken);
                return refusal.RetryAt.ToDateTimeOffset();
            case SendResult.Unreachable unreachable:
                await states.WaitAsync(open.Collections, open.Search.LabId, unreachable.What, unreachable.RetryAt, cancellationToken);
                return unreachable.RetryAt;
            case SendResult.Impossible impossible:
                await states.FailAsync(open.Search.LabId, impossible.Failure, cancellationToken);
                return time.GetUtcNow() + Idle;
            default:
                await states.EvaluateAsync(open.Search.LabId, open.Collections, cancellationToken);
                return null;
        }
    }

    private static string KeyOf(Search search) => $"{search.LabId} {search.SearchId}";

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private async Task AfterPageAsync(OpenSearch open, SendResult.Kept kept)
    {
        if (!open.Search.IsCheck)
        {
            metrics.Missed(kept.Step);
        }

        if (open.Search.Kind is SearchKind.Refresh && kept.Step is Step.Finished)
        {
            await refreshes.AnnounceAsync(CancellationToken.None);
        }

        await states.EvaluateAsync(open.Search.LabId, kept.Collections, CancellationToken.None);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Search {SearchId} failed again and again by a defect; its collections fail.")]
        public static partial void GivenUp(ILogger logger, Exception exception, string searchId);

        [LoggerMessage(Level = LogLevel.Error, Message = "Walking failed by a defect; it goes on in a moment.")]
        public static partial void Defect(ILogger logger, Exception exception);
    }
}
