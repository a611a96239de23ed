using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Tells an account that TikTok never answers for from days that it does not answer for: some names always get a 500. Before one name darkens days for
/// everybody, the failure is confirmed with another account, which costs what asking again would. The page is kept as evidence and becomes no record.
/// </summary>
internal static class Witness
{
    /// <summary>TikTok's own account: it is there, and it is nobody's.</summary>
    private const string Account = "tiktok";

    /// <summary>Whether a failure of this search may be its account's.</summary>
    public static bool IsFor(Search search) =>
        search is { Kind: SearchKind.Videos, Class: ClauseClass.Username, IsProbe: false, Sample: 0, Twin: null, Questions: [{ Username: not Account }] };

    /// <summary>The request.</summary>
    public static ResearchRequest Ask(Search search) => new VideoQueryRequest
    {
        Query = new() { And = [Condition.OneOf(ConditionField.Username, [Account])] },
        StartDate = search.Window.From,
        EndDate = search.Window.To,
        Fields = ["id"],
        MaxCount = 1,
    };

    /// <summary>The witness was answered, or at least told what is wrong with its question: what failed is asked for once more, and then it is judged.</summary>
    public static Step Heard(Search search, Checkpoint checkpoint, Outcome outcome, ClassBlackouts known, DateTimeOffset now, CollectorOptions options)
    {
        var step = new Step.GoOn(checkpoint with
        {
            Attempt = checkpoint.Attempt + 1,
            AsksWitness = false,
            IsContradicted = outcome.Class is ApiErrorClass.Ok,
            NotBefore = now + options.ConfirmPause,
        });
        return outcome.Class is ApiErrorClass.Ok ? step with { News = Release(search, known, now) } : step;
    }

    /// <summary>Ends the exploration that this search has begun and that has found nothing yet, so that nobody waits for it; null when there is none.</summary>
    public static BlackoutNews? Release(Search search, ClassBlackouts known, DateTimeOffset now) =>
        known.Exploration is { Stage: ExplorationStage.Confirm } exploration && exploration.By == search.SearchId
            ? new(search.Class, [], exploration.Claimed("", now) with { HasEnded = true, FailedAt = null, Unproven = [], Before = null })
            : null;
}
