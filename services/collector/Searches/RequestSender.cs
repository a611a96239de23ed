using System.Diagnostics;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What came of trying to send a search's next request.</summary>
internal abstract record SendResult
{
    /// <summary>A page was kept; these collections may have changed.</summary>
    public sealed record Kept(IReadOnlyList<string> Collections, Step Step, Outcome Outcome) : SendResult
    {
        /// <summary>Index positions that the page brought: what was deleted counts too.</summary>
        public long Positions { get; init; }
    }

    /// <summary>The governor refused.</summary>
    public sealed record Refused(Refusal Refusal) : SendResult;

    /// <summary>Nothing was sent and nothing is lost; look again.</summary>
    public sealed record LookAgain : SendResult;

    /// <summary>Nothing was sent; something that is needed cannot be reached now.</summary>
    public sealed record Unreachable(string What, DateTimeOffset RetryAt) : SendResult;

    /// <summary>Nothing can be sent for this lab until somebody mends it.</summary>
    public sealed record Impossible(string Failure) : SendResult;
}

/// <summary>Sends one request the way every page goes: grant, token, journal, send, settle, keep, announce.</summary>
internal sealed partial class RequestSender(
    ICollectorStore store,
    IQuota quota,
    ICredentials credentials,
    IResearchApi api,
    IEvents events,
    BlackoutEvents blackouts,
    SeenVideos seen,
    SearchSurroundings surroundings,
    OutageWatch outages,
    CollectorInstance instance,
    CollectorOptions options,
    CollectorMetrics metrics,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<RequestSender> logger)
{
    /// <summary>How long a request on its way may go on after the process was asked to stop.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan UnreachablePause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstKeepPause = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan LongestKeepPause = TimeSpan.FromSeconds(8);

    private readonly Reports reports = new(logger);

    /// <summary>Sends the search's next request; with a control that names a day, that in its place, and the search stays where it is.</summary>
    public async Task<SendResult> SendAsync(OpenSearch open, Control? control, CancellationToken cancellationToken)
    {
        using var activity = CollectorMetrics.StartRequest(open.Search);
        var labId = open.Search.LabId;
        if (instance.WhyNot is { } why || instance.Holder is not { } holder)
        {
            // A unit whose page could not be kept would be lost.
            return new SendResult.Unreachable(instance.WhyNot ?? "", time.GetUtcNow() + UnreachablePause);
        }

        await reports.TellAgainAsync(CancellationToken.None);
        string? granted = null;
        (OpenSearch Open, AccessToken Token, SeenIds Seen)? begun = null;
        try
        {
            var credential = await credentials.PickAsync(labId, cancellationToken);
            var bucket = control?.Day is null ? open.Search.Bucket : QuotaBucket.Research;
            var decision = await quota.ReserveAsync(credential.Account, open, bucket, cancellationToken);
            if (decision.DecisionCase is not ReserveQuotaResponse.DecisionOneofCase.Grant)
            {
                return new SendResult.Refused(decision.Refusal);
            }

            granted = decision.Grant.GrantId;
            await Failpoints.HitAsync(FailpointNames.CollectorAfterReserve, cancellationToken);
            var token = await credentials.GetTokenAsync(labId, credential.CredentialId, cancellationToken);
            var ids = await seen.OfAsync(open, cancellationToken);
            if (await store.BeginRequestAsync(open, granted, holder, time.GetUtcNow(), cancellationToken))
            {
                begun = (open with { Checkpoint = open.Checkpoint with { InFlightGrant = granted } }, token, ids);
            }
        }
        catch (MeshException refused) when (refused.Reason is ErrorReason.NoCredential or ErrorReason.CredentialRejected)
        {
            await GiveBackAsync(labId, granted);
            return new SendResult.Impossible($"{refused.Reason switch { ErrorReason.NoCredential => "NO_CREDENTIAL", _ => "CREDENTIAL_REJECTED" }}: {refused.Message}");
        }
        catch (MeshException unavailable) when (unavailable.Reason is ErrorReason.Unavailable)
        {
            await GiveBackAsync(labId, granted);
            return new SendResult.Unreachable(unavailable.Message, time.GetUtcNow() + UnreachablePause);
        }

        if (begun is not var (inFlight, accessToken, known))
        {
            await GiveBackAsync(labId, granted);
            return new SendResult.LookAgain();
        }

        // Whatever fails from here on leaves a request in flight that nobody has in hand: LostRequests takes it up.
        await Failpoints.HitAsync(FailpointNames.CollectorAfterBegin, CancellationToken.None);
        var mark = SendingMark.Now(time);
        return await MarkAsync(inFlight, granted) ?? await SendGrantedAsync(inFlight, control, granted, mark, accessToken, known);
    }

    /// <summary>From the mark on, the unit is spent. What comes of it when there is no mark; null when there is one.</summary>
    private async Task<SendResult?> MarkAsync(OpenSearch open, string grantId)
    {
        try
        {
            if (await quota.MarkSentAsync(open.Search.LabId, grantId, CancellationToken.None))
            {
                return null;
            }

            await store.AbandonRequestAsync(open, time.GetUtcNow(), CancellationToken.None);
            return new SendResult.LookAgain();
        }
        catch (MeshException unavailable) when (unavailable.Reason is ErrorReason.Unavailable)
        {
            // Whether the mark arrived is not known; that nothing was sent is.
            var retryAt = time.GetUtcNow() + UnreachablePause;
            await AbandonAsync(open, grantId, retryAt);
            return new SendResult.Unreachable(unavailable.Message, retryAt);
        }
    }

    /// <summary>The answer is kept whatever the caller wants meanwhile, and whatever other services do.</summary>
    private async Task<SendResult> SendGrantedAsync(OpenSearch open, Control? control, string grantId, SendingMark mark, AccessToken token, SeenIds known)
    {
        await Failpoints.HitAsync(FailpointNames.CollectorAfterMark, CancellationToken.None);
        var labId = open.Search.LabId;
        if (!mark.IsGood(time))
        {
            // The unit comes back, unless somebody has meanwhile found that nobody knew what became of it.
            Log.NotSentLate(logger, open.Search.SearchId);
            await AbandonAsync(open, grantId, time.GetUtcNow());
            return new SendResult.LookAgain();
        }

        using var deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var stopping = lifetime.ApplicationStopping.Register(() => deadline.CancelAfter(StopGrace));
        RawReply reply;
        try
        {
            reply = await api.SendAsync(InPlace(open, control) ?? SearchQueries.Next(open.Search, open.Checkpoint), token.Value.Reveal, deadline.Token);
        }
        catch (ArgumentException)
        {
            // A request that is not valid is a defect of ours; it was not sent and costs nothing.
            await GiveBackAsync(labId, grantId);
            throw;
        }

        if (reply.CertainlyNotSent)
        {
            var retryAt = time.GetUtcNow() + UnreachablePause;
            await AbandonAsync(open, grantId, retryAt);
            return new SendResult.Unreachable("The Research API cannot be reached (no connection).", retryAt);
        }

        await Failpoints.HitAsync(FailpointNames.CollectorAfterSend, CancellationToken.None);
        var outcome = InPlace(open, control) is null
            ? TwinComparison.Compare(open.Search, Suspicion.Compare(open.Search, Outcomes.Read(open.Search, open.Checkpoint, reply, known.Own), known.Before), known.Merged, time.GetUtcNow())
            : Outcomes.ReadControl(reply);
        open = await SettleAsync(open, grantId, OutcomeOf(reply, outcome), reply.ServerDate);
        if (outcome.Class is ApiErrorClass.AccessTokenInvalid)
        {
            await reports.TellAsync(telling => credentials.ReportRejectedAsync(labId, token, outcome.LogId, telling), CancellationToken.None);
        }

        await Failpoints.HitAsync(FailpointNames.CollectorAfterSettle, CancellationToken.None);
        return await KeepAsync(open, control, grantId, reply, outcome);
    }

    private async Task<SendResult> KeepAsync(OpenSearch open, Control? control, string grantId, RawReply reply, Outcome outcome)
    {
        var now = time.GetUtcNow();
        var page = FetchedPages.Of(open, control, grantId, reply, outcome, now);
        var (collections, step) = await KeepAtLastAsync(open, control, page, outcome);
        await Failpoints.HitAsync(FailpointNames.CollectorAfterKeep, CancellationToken.None);
        metrics.Answered(open.Search, page.Cursor, outcome);
        if (outcome.Class is not ApiErrorClass.Ok)
        {
            Log.PageFailed(logger, open.Search.Api(page.Cursor).Name, page.Status, outcome.Code, outcome.LogId, page.Cursor, page.Attempt);
        }

        if (outcome.Twin is { Differences: > 0 } twin)
        {
            Log.MatchDiffers(logger, open.Search.Class, twin.Videos, twin.Missed, twin.Invented);
        }

        seen.Follow(open, step);
        await blackouts.TellAsync(step.News, CancellationToken.None);
        if (!page.Normalized)
        {
            await reports.TellAsync(telling => events.PublishAsync(new PageStored { LabId = page.LabId, PageId = page.PageId }, telling), CancellationToken.None);
            await Failpoints.HitAsync(FailpointNames.CollectorAfterPublish, CancellationToken.None);
        }

        return new SendResult.Kept(collections, step, outcome) { Positions = Math.Max(outcome.VideoIds.Count, open.Search.Kind is SearchKind.Videos && outcome.Cursor is { } next ? next - page.Cursor : 0) };
    }

    /// <summary>The unit is spent, so the page in hand is kept as soon as the store takes it. A process that must stop tries once more and then leaves the outcome unknown.</summary>
    private async Task<(IReadOnlyList<string> Collections, Step Step)> KeepAtLastAsync(OpenSearch open, Control? control, RawPage page, Outcome outcome)
    {
        for (var pause = FirstKeepPause; ; pause = pause < LongestKeepPause ? pause * 2 : pause)
        {
            var isStopping = lifetime.ApplicationStopping.IsCancellationRequested;
            try
            {
                var (around, answer) = await surroundings.OfAsync(open, outcome, control, page.FetchedAt, CancellationToken.None);
                var step = Decide(open.Search, open.Checkpoint with { InFlightGrant = "" }, control, outcome, answer, around, page.FetchedAt);
                var concerned = await store.KeepPageAsync(open, page, outcome, step, CancellationToken.None);
                await outages.TellAsync(answer, page.FetchedAt, CancellationToken.None);
                return (concerned, step);
            }
            catch (MeshException away) when (away.Reason is ErrorReason.Unavailable && !isStopping)
            {
                if (pause == FirstKeepPause)
                {
                    Log.KeptLater(logger, away.Message);
                }

                await Task.WhenAny(Task.Delay(pause, time, lifetime.ApplicationStopping));
            }
        }
    }

    private Step Decide(Search search, Checkpoint checkpoint, Control? control, Outcome outcome, Answer answer, Surroundings around, DateTimeOffset now) =>
        control?.Day is null
            ? Breaker.Spare(Walker.Decide(search, checkpoint, outcome, around, now, options), search, checkpoint, answer, around.Outage, now, options)
            : new Step.GoOn(checkpoint with { Attempt = checkpoint.Attempt + 1 });

    /// <summary>What is asked in place of the search's own next request, to learn what its failures mean; null: nothing.</summary>
    private static ResearchRequest? InPlace(OpenSearch open, Control? control) =>
        control?.Day is { } day ? Control.Ask(day)
        : open.Checkpoint.AsksWitness ? Witness.Ask(open.Search)
        : null;

    private static GrantOutcome OutcomeOf(RawReply reply, Outcome outcome) => outcome.Class switch
    {
        ApiErrorClass.RateLimit => GrantOutcome.RateLimited,
        ApiErrorClass.DailyQuota => GrantOutcome.DaySpent,
        _ => reply.Fault is null ? GrantOutcome.Answered : GrantOutcome.Unknown,
    };

    private async Task GiveBackAsync(string labId, string? grantId)
    {
        if (grantId is not null)
        {
            await reports.TellAsync(telling => quota.SettleAsync(labId, grantId, GrantOutcome.NeverSent, serverDate: null, telling), CancellationToken.None);
        }
    }

    private async Task AbandonAsync(OpenSearch open, string grantId, DateTimeOffset notBefore) =>
        await store.AbandonRequestAsync(await SettleAsync(open, grantId, GrantOutcome.NeverSent, serverDate: null), notBefore, CancellationToken.None);

    /// <summary>Tells what became of the grant. When nobody takes that, the search keeps it for whoever comes after this process: others would wait for the grant for minutes.</summary>
    private async Task<OpenSearch> SettleAsync(OpenSearch open, string grantId, GrantOutcome outcome, DateTimeOffset? serverDate)
    {
        var isTold = await reports.TellAsync(
            telling => quota.SettleAsync(open.Search.LabId, grantId, outcome, serverDate, telling),
            telling => quota.SettleAsync(open.Search.LabId, grantId, outcome, serverDate: null, telling),
            CancellationToken.None);
        return open with { Checkpoint = open.Checkpoint with { Untold = isTold ? null : new(grantId, outcome) } };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A page is in hand and cannot be kept yet: {Why}")]
        public static partial void KeptLater(ILogger logger, string why);

        [LoggerMessage(Level = LogLevel.Warning, Message = "This process or an answer to it stood still for too long before a request of search {SearchId} was sent; it is not sent.")]
        public static partial void NotSentLate(ILogger logger, string searchId);

        [LoggerMessage(Level = LogLevel.Warning, Message = "How we match terms of the class {Class} differs from how TikTok does: of {Videos} videos compared, {Missed} are found for their term by TikTok alone and {Invented} by us alone.")]
        public static partial void MatchDiffers(ILogger logger, ClauseClass @class, int videos, int missed, int invented);

        [LoggerMessage(Level = LogLevel.Information, Message = "A page of {Endpoint} failed: HTTP {Status}, code {Code}, log_id {LogId}, cursor {Cursor}, attempt {Attempt}.")]
        public static partial void PageFailed(ILogger logger, string endpoint, int status, string code, string logId, long cursor, int attempt);
    }
}
