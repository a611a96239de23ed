using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Walks a search page by page: what to do after each answer. Errors are judged by <c>error.code</c>, not by status.
/// Results come newest first, so a search that was lost, or whose pages are suspect, goes on by date as a new one.
/// </summary>
internal static class Walker
{
    /// <summary>Repeats of one request because of trouble on the way.</summary>
    public const int MaxRepeats = 4;

    /// <summary>The same when a search is refused that had served later pages before: a fresh one is often not known for seconds, such a one is lost.</summary>
    public const int MaxRepeatsOfServed = 1;

    /// <summary>Pages in a row without progress that end a walk.</summary>
    public const int MaxFruitless = 3;

    /// <summary>Detail of days that are missing because every request that names the account fails.</summary>
    public const string AccountFails = "account_fails";

    private const int MaxFruitlessDraws = 2;
    private const int MaxRestarts = 2;
    private const int MaxTokenRefusals = 1;

    /// <summary>Searches in a row over the same days because of suspect pages. Each must have brought something new; so many only when pages stay sparse.</summary>
    private const int MaxRereads = 8;

    /// <summary>What follows when nothing is known of blackouts.</summary>
    public static Step Decide(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now, CollectorOptions options) =>
        Decide(search, checkpoint, outcome, new(ClassBlackouts.Nothing, search.Window.To), now, options);

    public static Step Decide(Search search, Checkpoint checkpoint, Outcome outcome, Surroundings around, DateTimeOffset now, CollectorOptions options) => search.Kind switch
    {
        SearchKind.List => ListWalker.Decide(search, checkpoint, outcome, now),
        SearchKind.Refresh when search.IsCheck => ComplianceWalker.Decide(search, checkpoint, outcome, now, options),
        SearchKind.Videos when search.Twin is not null => TwinChecks.End,
        SearchKind.Videos when checkpoint.AsksWitness && outcome.Class is ApiErrorClass.Ok or ApiErrorClass.InvalidParams => Witness.Heard(search, checkpoint, outcome, around.Known, now, options),
        SearchKind.Videos when checkpoint.IsFirstPage && outcome.Class is ApiErrorClass.Internal && Witness.IsFor(search) && !checkpoint.AsksWitness && (checkpoint.IsContradicted || around.Merging.Sinks(search)) => Sunk(search, now),
        SearchKind.Videos when search.Sample == 0 && checkpoint.IsFirstPage && outcome.Class is ApiErrorClass.Internal && MayBeSunkByOne(search, around.Known) => new Step.Finished(Covered: null, Missing: null, Halving.Halves(search)),
        _ when search.Explores && checkpoint.IsFirstPage && outcome.Class is ApiErrorClass.Internal => Darkness.Met(search, checkpoint, outcome, around, now, options),
        _ when search.Explores && checkpoint.IsFirstPage => Darkness.Tell(search, outcome, DecideVideos(search, checkpoint, outcome, now, options), around, now),
        _ => DecideVideos(search, checkpoint, outcome, now, options),
    };

    private static Step DecideVideos(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now, CollectorOptions options) => outcome.Class switch
    {
        ApiErrorClass.Ok when search.Sample > 0 => Draw(search, checkpoint, outcome),
        ApiErrorClass.Ok when !checkpoint.IsFirstPage && outcome.IsVoid => RepeatOrGiveUp(search, checkpoint, outcome, now, options),
        ApiErrorClass.Ok => Advance(search, checkpoint, outcome, now),
        ApiErrorClass.AccessTokenInvalid => RenewToken(search, checkpoint, outcome, now),
        ApiErrorClass.ScopeNotAuthorized => StopEndpoint(search, checkpoint, outcome, now),
        ApiErrorClass.RateLimit => BackOff(checkpoint, now),
        ApiErrorClass.DailyQuota => new Step.GoOn(checkpoint with { Attempt = checkpoint.Attempt + 1 }),
        ApiErrorClass.InvalidParams when checkpoint.IsFirstPage => Refused(search, outcome, now),
        ApiErrorClass.Internal when checkpoint.IsFirstPage => ConfirmOrGap(search, checkpoint, now, options),
        _ => RepeatOrGiveUp(search, checkpoint, outcome, now, options),
    };

    /// <summary>The first pause of a repeat; it doubles with each further one.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Each request draws anew. It is over with the share, when there is no more, when draws bring nothing new, or after twice as many as it should take:
    /// some of what was drawn is not shown, and what comes twice counts once. For the last tenth of a share no further unit is spent.
    /// </summary>
    private static Step Draw(Search search, Checkpoint checkpoint, Outcome outcome)
    {
        var next = new Checkpoint
        {
            Attempt = checkpoint.Attempt + 1,
            Drawn = checkpoint.Drawn + outcome.NewVideos,
            Draws = checkpoint.Draws + 1,
            Fruitless = outcome.NewVideos > 0 ? 0 : checkpoint.Fruitless + 1,
        };
        var most = 2 * (1 + Samples.LeastDraws(search.Sample, VideoQueryRequest.LargestPage));
        return !outcome.HasMore || next.Drawn >= search.Sample - (search.Sample / 10) || next.Fruitless >= MaxFruitlessDraws || next.Draws >= most
            ? new Step.Finished(search.Window, Missing: null, [])
            : new Step.GoOn(next);
    }

    private static Step Advance(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now)
    {
        var doubt = Suspicion.Of(search, checkpoint, outcome);
        if (doubt is not Doubt.None && Reread(search, checkpoint, outcome, doubt, now) is { } again)
        {
            return again;
        }

        if (doubt is Doubt.Sparse && !Suspicion.IsSettled(outcome))
        {
            checkpoint = checkpoint with { DoubtfulTo = search.Window.To };
        }
        else if (Suspicion.Clears(search, outcome))
        {
            checkpoint = checkpoint with { TrustsSmall = true };
        }

        var oldest = Earlier(checkpoint.OldestDay, outcome.OldestDay);
        if (!outcome.HasMore)
        {
            return new Step.Finished(search.Window, Missing: null, []) { DoubtfulTo = checkpoint.DoubtfulTo };
        }

        var cursor = outcome.Cursor is >= 0 and var position ? position : checkpoint.Cursor + VideoQueryRequest.LargestPage;
        var fruitless = outcome.NewVideos > 0 && cursor > checkpoint.Furthest ? 0 : checkpoint.Fruitless + 1;
        if (fruitless >= MaxFruitless)
        {
            return Split(search, oldest, days => new(days, GapReason.Failed, "no_progress", now));
        }

        // A position that was asked for before is an attempt that no position has had, so that no page takes the place of another.
        var attempts = Math.Max(checkpoint.MostAttempts, checkpoint.Attempt);
        var next = new Checkpoint
        {
            Cursor = cursor,
            Furthest = Math.Max(cursor, checkpoint.Furthest),
            Attempt = cursor > checkpoint.Furthest ? 0 : attempts + 1,
            MostAttempts = attempts,
            TikTokSearchId = outcome.TikTokSearchId.Length > 0 ? outcome.TikTokSearchId : checkpoint.TikTokSearchId,
            SearchIdServed = !checkpoint.IsFirstPage && (outcome.TikTokSearchId.Length == 0 || outcome.TikTokSearchId == checkpoint.TikTokSearchId),
            OldestDay = oldest,
            Fruitless = fruitless,
        };
        return new Step.GoOn(Suspicion.Remember(next, checkpoint, outcome));
    }

    /// <summary>
    /// A suspect page ends its search; another one reads from there by date, and what both brought stays. Null when that was done for the same days
    /// and brought nothing new: asking on and on would only cost. A day that stays suspect is left to itself, so that it casts no doubt on the days before it.
    /// </summary>
    private static Step.Finished? Reread(Search search, Checkpoint checkpoint, Outcome outcome, Doubt doubt, DateTimeOffset now)
    {
        // Behind a full first page the rest is in doubt; otherwise everything from the suspect page on.
        var frontier = checkpoint.IsFirstPage ? outcome.OldestDay : checkpoint.OldestDay;
        var left = search.Window with { To = Within(search.Window, frontier ?? search.Window.To) };
        var isSame = left == search.Window;
        var successor = Successor(search, now, "d") with
        {
            Window = left,
            Restarts = isSame ? search.Restarts : 0,
            RereadsInPlace = isSame ? search.RereadsInPlace + 1 : 0,
            Rereads = isSame ? [.. search.Rereads, search.SearchId] : [search.SearchId],
            Suspect = new(checkpoint.IsFirstPage ? "" : outcome.LowestId, checkpoint.LowestId, outcome.Regions is RegionSpelling.Small),
        };
        if (!isSame || search.RereadsInPlace == 0 || (doubt is Doubt.Sparse && outcome.Unseen > 0 && search.RereadsInPlace < MaxRereads))
        {
            return new(Newer(search.Window, left.To), Missing: null, [Narrowed(successor)]);
        }

        if (doubt is not Doubt.Sparse || Suspicion.IsSettled(outcome) || left.Count == 1)
        {
            return null;
        }

        Search[] parts =
        [
            Narrowed(successor with { SearchId = $"{search.SearchId}e", Window = left with { From = left.To }, RereadsInPlace = 0 }),
            Narrowed(successor with { SearchId = $"{search.SearchId}f", Window = left with { To = left.To.AddDays(-1) }, RereadsInPlace = 0 }),
        ];
        return new(Covered: null, Missing: null, [.. parts.Where(part => part.Clauses.Count > 0)]);
    }

    /// <summary>The same page again with another token, once.</summary>
    public static Step RenewToken(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now)
    {
        var next = checkpoint with
        {
            Attempt = checkpoint.Attempt + 1,
            TokenRefusals = checkpoint.TokenRefusals + 1,
            NotBefore = now + checkpoint.TokenRefusals * FirstPause,
        };
        return next.TokenRefusals > MaxTokenRefusals
            ? Stop(search, outcome, now, $"{outcome.Code} for {next.TokenRefusals} tokens in a row", next with { TokenRefusals = 0 })
            : new Step.GoOn(next);
    }

    /// <summary>A refresh has no collection that could fail and be resumed: it ends without an answer, and its scheduler asks again.</summary>
    private static Step Stop(Search search, Outcome outcome, DateTimeOffset now, string failure, Checkpoint next) =>
        search.Kind is SearchKind.Refresh
            ? new Step.Finished(Covered: null, new(search.Window, GapReason.Failed, outcome.Code, now), [])
            : new Step.Stopped(failure, next);

    /// <summary>TikTok asked for a pause; nothing is lost.</summary>
    public static Step.GoOn BackOff(Checkpoint checkpoint, DateTimeOffset now) => new(checkpoint with
    {
        Attempt = checkpoint.Attempt + 1,
        RateLimits = checkpoint.RateLimits + 1,
        NotBefore = now + Doubled(Math.Min(checkpoint.RateLimits, 5)),
    });

    /// <summary>
    /// Never the same again. The longest window falls back to 30 days; a merged search is halved: one bad atom must not sink the others. The parts keep the place in
    /// the line, so that what they teach is known before other searches are sent.
    /// </summary>
    private static Step.Finished Refused(Search search, Outcome outcome, DateTimeOffset now)
    {
        if (search is { Kind: SearchKind.Videos, Window.Count: > Shortening.SafeDays } && outcome.InvalidParams is not (InvalidParamsKind.UserNotFound or InvalidParamsKind.UserNotReturned))
        {
            return Shortening.Refused(search);
        }

        if (search.Clauses.Count < 2)
        {
            return new(Covered: null, new(search.Window, GapReason.Failed, ReasonOf(outcome.InvalidParams), NextDay(now)), []);
        }

        return new(Covered: null, Missing: null, Halving.Halves(search));
    }

    /// <summary>
    /// Some account names sink every search that names them, with a 500, and not for their days as a blackout does. So a merged search of accounts is halved before
    /// days are believed to be dark, unless some near them are. That costs no more than a confirmation would, and is one.
    /// </summary>
    private static bool MayBeSunkByOne(Search search, ClassBlackouts known) =>
        search is { Class: ClauseClass.Username, IsProbe: false, Clauses.Count: > 1 } && known.Exploration is null && !known.IsBadNear(search.Window, Darkness.NearDays);

    /// <summary>TikTok answers for these days, only not for this account.</summary>
    public static Step.Finished Sunk(Search search, DateTimeOffset now) => new(Covered: null, new(search.Window, GapReason.Failed, AccountFails, NextDay(now)), []);

    /// <summary>TikTok lets us not ask this endpoint; another token would not help.</summary>
    public static Step StopEndpoint(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now) =>
        Stop(search, outcome, now, $"{outcome.Code} for {search.Api(checkpoint.Cursor).Name}", checkpoint with { Attempt = checkpoint.Attempt + 1 });

    /// <summary>Trouble on the way: the same place again, after a pause that doubles.</summary>
    public static Step.GoOn Repeat(Checkpoint checkpoint, DateTimeOffset now) => new(checkpoint with
    {
        Attempt = checkpoint.Attempt + 1,
        Repeats = checkpoint.Repeats + 1,
        NotBefore = AfterPause(checkpoint.Repeats, now),
    });

    /// <summary>When the pause before a repeat ends, after so many of them.</summary>
    public static DateTimeOffset AfterPause(int repeats, DateTimeOffset now) => now + Doubled(repeats);

    /// <summary>Why TikTok refused a request, e.g. <c>user_not_found</c>.</summary>
    public static string ReasonOf(InvalidParamsKind? kind) => kind switch
    {
        InvalidParamsKind.UserNotFound => "user_not_found",
        InvalidParamsKind.UserNotReturned => "user_not_returned",
        InvalidParamsKind.LikesHidden => "likes_hidden",
        InvalidParamsKind.CommentsHidden => "comments_hidden",
        _ => "invalid_params",
    };

    /// <summary>A sample explores nothing: it has a gap until tomorrow.</summary>
    private static Step ConfirmOrGap(Search search, Checkpoint checkpoint, DateTimeOffset now, CollectorOptions options) =>
        checkpoint.Confirmations == 0
            ? new Step.GoOn(checkpoint with { Attempt = checkpoint.Attempt + 1, Confirmations = 1, NotBefore = now + options.ConfirmPause })
            : new Step.Finished(Covered: null, new(search.Window, GapReason.BlackoutSuspect, "", NextDay(now)), []);

    private static Step RepeatOrGiveUp(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now, CollectorOptions options)
    {
        var most = checkpoint.SearchIdServed && outcome.Class is ApiErrorClass.InvalidParams ? MaxRepeatsOfServed : MaxRepeats;
        if (checkpoint.Repeats < most)
        {
            return Repeat(checkpoint, now);
        }

        if (checkpoint.IsFirstPage)
        {
            return new Step.Finished(Covered: null, new(search.Window, GapReason.Failed, outcome.Code, now), []);
        }

        // The search is lost. What is newer than the oldest video seen is read; the rest is asked for anew.
        var left = search.Window with { To = Within(search.Window, checkpoint.OldestDay ?? search.Window.To) };
        var restarts = left == search.Window ? search.Restarts + 1 : 0;
        var lost = restarts > MaxRestarts
            ? Split(search, checkpoint.OldestDay, days => new(days, GapReason.Failed, outcome.Code, now))
            : new Step.Finished(Newer(search.Window, left.To), Missing: null, [Narrowed(Successor(search, now, "r") with { Window = left, Restarts = restarts })]);
        return lost with { IsLost = true };
    }

    /// <summary>Days after the oldest video are covered; that day and the days before it are missing.</summary>
    private static Step.Finished Split(Search search, DateOnly? oldest, Func<Days, MissingDays> missing)
    {
        var last = Within(search.Window, oldest ?? search.Window.To);
        return new(Newer(search.Window, last), missing(search.Window with { To = last }), []);
    }

    private static Days? Newer(Days window, DateOnly day) => day < window.To ? new(day.AddDays(1), window.To) : null;

    private static DateOnly Within(Days window, DateOnly day) => day < window.From ? window.From : day > window.To ? window.To : day;

    private static Search Narrowed(Search search) => search.Within(search.Window);

    /// <summary>Its id follows from the search that it takes over from, so that a decision that is made twice makes one search.</summary>
    private static Search Successor(Search search, DateTimeOffset now, string suffix) => search with { SearchId = $"{search.SearchId}{suffix}", CreatedAt = now, Restarts = 0 };

    private static TimeSpan Doubled(int times) => FirstPause * (1 << times);

    private static DateTimeOffset NextDay(DateTimeOffset now) => new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);

    private static DateOnly? Earlier(DateOnly? one, DateOnly? other) => one is null || other < one ? other ?? one : one;
}
