using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Walks a list page by page: what to do after each answer. A list has no days to go back to, so a walk that is lost has failed; what it brought stays,
/// and the next one begins again.
/// </summary>
internal static class ListWalker
{
    public static Step Decide(Search search, Checkpoint checkpoint, Outcome outcome, DateTimeOffset now) => outcome.Reaction switch
    {
        ApiReaction.TakeData when IsDoubtful(search, checkpoint, outcome) => new Step.GoOn(checkpoint with { Attempt = checkpoint.Attempt + 1, Confirmations = 1, NotBefore = Walker.AfterPause(0, now) }),
        ApiReaction.TakeData => Advance(search, checkpoint, outcome),
        ApiReaction.RenewToken => Walker.RenewToken(search, checkpoint, outcome, now),
        ApiReaction.StopEndpoint => Walker.StopEndpoint(search, checkpoint, outcome, now),
        ApiReaction.BackOff => Walker.BackOff(checkpoint, now),
        ApiReaction.WaitForMidnight => new Step.GoOn(checkpoint with { Attempt = checkpoint.Attempt + 1 }),
        ApiReaction.AcceptRefusal or ApiReaction.GiveUp => new Step.ListEnded(ListResult.Refused, Walker.ReasonOf(outcome.InvalidParams), checkpoint.Items, IsCut: false),
        _ when checkpoint.Repeats < Walker.MaxRepeats => Walker.Repeat(checkpoint, now),
        _ => new Step.ListEnded(ListResult.Failed, outcome.Code, checkpoint.Items, IsCut: false),
    };

    /// <summary>A later page that holds nothing at all, not even where it ends, is asked for once more. Lists in numbered pages may end so.</summary>
    private static bool IsDoubtful(Search search, Checkpoint checkpoint, Outcome outcome) =>
        !checkpoint.IsFirstPage && outcome.IsVoid && checkpoint.Confirmations == 0 && search.Api(checkpoint.Cursor).Cursor is not CursorKind.PageNumber;

    private static Step Advance(Search search, Checkpoint checkpoint, Outcome outcome)
    {
        var api = search.Api(checkpoint.Cursor);
        var items = checkpoint.Items + outcome.NewVideos;
        if (outcome.Cursor is not { } next)
        {
            return new Step.ListEnded(ListResult.Read, "", items, IsCut: outcome.HasMore && api.Reach is not null);
        }

        // No request can begin before the first item.
        var cursor = next >= 0 ? next : checkpoint.Cursor;

        // Only a place beyond every earlier one is progress; of a cursor that says nothing to us, none is known to be, and new items alone tell.
        var isOrdered = api.Cursor is not CursorKind.Opaque;
        var isFurther = isOrdered && api.Advances(checkpoint.Furthest, cursor);
        var isProgress = outcome.NewVideos > 0 && (isFurther || (!isOrdered && api.Advances(checkpoint.Cursor, cursor)));
        var fruitless = isProgress ? 0 : checkpoint.Fruitless + 1;
        if (fruitless >= Walker.MaxFruitless)
        {
            return new Step.ListEnded(ListResult.Failed, "no_progress", items, IsCut: false);
        }

        // A place that may have been asked for before is an attempt that no place has had, so that no page takes the place of another.
        var attempts = Math.Max(checkpoint.MostAttempts, checkpoint.Attempt);
        return new Step.GoOn(new Checkpoint
        {
            Cursor = cursor,
            Furthest = isFurther ? cursor : checkpoint.Furthest,
            Attempt = isFurther ? 0 : attempts + 1,
            MostAttempts = attempts,
            Fruitless = fruitless,
            Items = items,
        });
    }
}
