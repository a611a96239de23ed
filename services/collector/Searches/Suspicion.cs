using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Why a page may hold less than there is, although it says success.</summary>
internal enum Doubt
{
    /// <summary>Nothing speaks for it.</summary>
    None,

    /// <summary>It looks like one of the back end that knows a sixth: small letters after capitals, or far fewer videos for its time than the page before.</summary>
    Sparse,

    /// <summary>The search ends where one would that has lost its later pages: behind exactly one full page, or with a page that shows nothing.</summary>
    EndsEarly,
}

/// <summary>
/// Notices that a later page is sparse, as recordings show it: a sixth of the videos, countries in small letters, and an early end, all with success.
/// It only suspects; reading the stretch again by date tells.
/// </summary>
internal static class Suspicion
{
    /// <summary>A page with fewer tells no rate.</summary>
    private const int FewVideos = 10;

    /// <summary>What remains of the rate before is suspect below this share: a sixth is what sparse pages hold. Capitals on both pages speak against it.</summary>
    private const double SparseShare = 0.5;
    private const double SparseShareInCapitals = 0.25;

    /// <summary>So many videos between those of a suspect page, none of them new, and it had missed nothing: by chance once in 6^5.</summary>
    private const int Evidence = 5;

    /// <summary>One in a million: chance alone makes a page so thin less often.</summary>
    private static readonly double Improbable = Math.Log(1e6);

    public static Doubt Of(Search search, Checkpoint checkpoint, Outcome outcome)
    {
        if (search is not { Kind: SearchKind.Videos, Class: not ClauseClass.Id } || checkpoint.DoubtfulTo is not null)
        {
            return Doubt.None;
        }

        if (checkpoint.IsFirstPage)
        {
            return outcome is { HasMore: false, Cursor: VideoQueryRequest.LargestPage } ? Doubt.EndsEarly : Doubt.None;
        }

        if (outcome is { HasMore: false, NewVideos: 0, VideoIds.Count: 0 })
        {
            return Doubt.EndsEarly;
        }

        return (outcome.Regions is RegionSpelling.Small && checkpoint is { Regions: not RegionSpelling.Small, TrustsSmall: false }) || IsThin(checkpoint, outcome) ? Doubt.Sparse : Doubt.None;
    }

    /// <summary>The same outcome, compared with what the searches had brought whose stretch this one reads again.</summary>
    public static Outcome Compare(Search search, Outcome outcome, IReadOnlySet<string> before)
    {
        if (search.Suspect is not { } suspect)
        {
            return outcome;
        }

        var unseen = outcome.VideoIds.Where(id => !before.Contains(id)).ToList();
        return outcome with { Unseen = unseen.Count, InStretch = outcome.VideoIds.Count(LiesBetween), Missed = unseen.Count(LiesBetween) };

        bool LiesBetween(string id) =>
            suspect.FromId.Length > 0 && Outcomes.Number(id) >= Outcomes.Number(suspect.FromId)
            && (suspect.BelowId.Length == 0 || Outcomes.Number(id) < Outcomes.Number(suspect.BelowId));
    }

    /// <summary>Whether a page that is not suspect itself shows that the one which was had missed nothing. The first page with videos never misses any, so it shows nothing.</summary>
    public static bool Clears(Search search, Outcome outcome) => search.Suspect is { IsSmall: true, BelowId.Length: > 0 } && outcome is { InStretch: >= Evidence, Missed: 0 };

    /// <summary>Two searches that agree on a thin page in capitals have seen a quiet time after a busy one. In small letters they may come from the same poor back end.</summary>
    public static bool IsSettled(Outcome outcome) => outcome is { Regions: RegionSpelling.Capitals, Unseen: 0 };

    /// <summary>Whether days that were read again brought so much less than before that chance does not explain it; nothing follows when it was not counted.</summary>
    public static bool HasShrunk(long before, long? now) => now is { } found && found < SparseShare * before && IsImprobable(found, before);

    /// <summary>The checkpoint that the next page is judged by.</summary>
    public static Checkpoint Remember(Checkpoint next, Checkpoint before, Outcome outcome)
    {
        var hours = (before.OldestAt ?? outcome.NewestAt) - outcome.OldestAt is { } span ? span.TotalHours : 0;
        return next with
        {
            LowestId = outcome.LowestId.Length > 0 ? outcome.LowestId : before.LowestId,
            OldestAt = outcome.OldestAt ?? before.OldestAt,
            PerHour = outcome.VideoIds.Count >= FewVideos && hours > 0 ? outcome.VideoIds.Count / hours : before.PerHour,
            Regions = before.Regions is RegionSpelling.Unknown ? outcome.Regions : before.Regions,
            TrustsSmall = before.TrustsSmall,
            DoubtfulTo = before.DoubtfulTo,
        };
    }

    /// <summary>Far fewer videos than the rate before it lets expect, more than chance explains.</summary>
    private static bool IsThin(Checkpoint checkpoint, Outcome outcome)
    {
        if (checkpoint.OldestAt - outcome.OldestAt is not { TotalHours: > 0 } span)
        {
            return false;
        }

        var (found, expected) = ((double)outcome.VideoIds.Count, checkpoint.PerHour * span.TotalHours);
        var share = outcome.Regions is RegionSpelling.Capitals && checkpoint.Regions is RegionSpelling.Capitals ? SparseShareInCapitals : SparseShare;
        return found > 0 && found < share * expected && IsImprobable(found, expected);
    }

    /// <summary>Chernoff's bound for the tail of a Poisson distribution.</summary>
    private static bool IsImprobable(double found, double expected) => expected - found + (found > 0 ? found * Math.Log(found / expected) : 0) > Improbable;
}
