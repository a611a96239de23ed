using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What an answer teaches of merging its class: pure.</summary>
internal static class MergeLearning
{
    /// <summary>Refused searches whose halves are waited for; more than a few at once are those of one bad day.</summary>
    private const int MostHalved = 16;

    /// <summary>Accounts that are remembered to sink searches; whoever asks for more is told again.</summary>
    private const int MostSinking = 1_000;

    /// <summary>Whether an answer may teach anything, so that what is known has to be looked up.</summary>
    public static bool Concerns(Search search, Outcome outcome) => search is { Kind: SearchKind.Videos, IsProbe: false } && !outcome.IsInPlace && outcome.Class switch
    {
        ApiErrorClass.Ok => outcome.HasMore || search.Questions.Count > 1 || search.HalfOf is not null || search.IsShortened || search.Twin is not null || IsProof(search) || Witness.IsFor(search),
        ApiErrorClass.InvalidParams => search.Questions.Count > 1 || search.HalfOf is not null || IsProof(search),
        ApiErrorClass.Internal => Witness.IsFor(search),
        _ => false,
    };

    /// <summary>Whether its videos prove, or refute, that we find keywords as TikTok does: one keyword, which the server alone has looked for.</summary>
    public static bool IsProof(Search search) =>
        search is { Kind: SearchKind.Videos, Class: ClauseClass.Keyword, Sample: 0, Questions.Count: 1 } && MergeKeys.Of(search.Questions[0]).Length > 0;

    /// <summary>What has to be written after an answer; null when it teaches nothing.</summary>
    public static MergeLearnt? Of(SearchFacts facts, OpenSearch open, Outcome outcome, Step step)
    {
        var after = Concerns(open.Search, outcome) ? After(facts.Merging, open.Search, open.Checkpoint, outcome, step) : facts.Merging;
        return after == facts.Merging ? null : new(open.Search.Class, after);
    }

    /// <summary>What is known after an answer.</summary>
    /// <param name="known">What was known before.</param>
    /// <param name="search">Which was answered.</param>
    /// <param name="checkpoint">Where it stood then.</param>
    /// <param name="outcome">The answer.</param>
    /// <param name="step">What follows from it for the search.</param>
    public static MergeKnowledge After(MergeKnowledge known, Search search, Checkpoint checkpoint, Outcome outcome, Step step) => outcome.Class switch
    {
        ApiErrorClass.Ok => Checked(Compared(checkpoint.IsFirstPage ? Taken(Answered(known, search), search) : known, search, outcome), outcome) with { Yield = known.Yield.With(search, checkpoint, outcome) },
        ApiErrorClass.Internal when step is Step.Finished { Missing: { Detail: Walker.AccountFails, RetryAt: { } until } } => Sunk(known, search.Questions[0].ClauseId, until),
        ApiErrorClass.InvalidParams when checkpoint.IsFirstPage => Refused(known, search, step),
        _ => known,
    };

    private static MergeKnowledge Sunk(MergeKnowledge known, string clauseId, DateTimeOffset until)
    {
        var before = known.Sinking.FirstOrDefault(each => each.ClauseId == clauseId);
        var others = known.Sinking.Where(each => each != before).TakeLast(MostSinking - 1);
        return known with { Sinking = [.. others, new(clauseId, (before?.Windows ?? 0) + 1, until)] };
    }

    private static MergeKnowledge Answered(MergeKnowledge known, Search search) =>
        known.Sinks(search) ? known with { Sinking = [.. known.Sinking.Where(each => each.ClauseId != search.Questions[0].ClauseId)] } : known;

    /// <summary>A search that TikTok takes was not too large. When both halves of a refused one are taken, it was refused for its number and not for one of its terms.</summary>
    private static MergeKnowledge Taken(MergeKnowledge known, Search search)
    {
        var count = search.Questions.Count;
        var after = known with
        {
            Accepted = count > 1 && count > known.Accepted ? count : known.Accepted,
            LongestWindow = search.IsShortened ? Shortening.SafeDays : known.LongestWindow,
        };
        if (known.Halved.FirstOrDefault(each => IsHalf(search, each)) is not { } halved || halved.Passed.Contains(search.SearchId, StringComparer.Ordinal))
        {
            return after;
        }

        var rest = after.Halved.Where(each => each != halved);
        if (halved.Passed.Count == 0)
        {
            return after with { Halved = [.. rest, halved with { Passed = [search.SearchId] }] };
        }

        var isFewer = after.Refused == 0 || halved.Clauses < after.Refused;
        return after with
        {
            Halved = [.. rest],
            Refused = isFewer ? halved.Clauses : after.Refused,

            // What was taken once and is refused now is believed as it is now.
            Accepted = isFewer && after.Accepted >= halved.Clauses ? (halved.Clauses + 1) / 2 : after.Accepted,
        };
    }

    /// <summary>Searches that take over from a half are none.</summary>
    private static bool IsHalf(Search search, HalvedSearch whole) => search.HalfOf == whole.SearchId && search.SearchId.Length == whole.SearchId.Length + 1;

    private static MergeKnowledge Refused(MergeKnowledge known, Search search, Step step)
    {
        // A half that is refused as well means that a term of it may be to blame.
        var rest = known.Halved.Where(each => each.SearchId != search.HalfOf).ToList();
        var isHalved = step is Step.Finished { Successors: [{ HalfOf: var of }, ..] } && of == search.SearchId;
        return isHalved ? known with { Halved = [.. rest.TakeLast(MostHalved - 1), new(search.SearchId, search.Questions.Count, [])] }
            : rest.Count < known.Halved.Count ? known with { Halved = rest }
            : known;
    }

    /// <summary>A difference raises an alert, and the proof of keywords begins anew: they part at once, and come together again once it holds.</summary>
    private static MergeKnowledge Checked(MergeKnowledge known, Outcome outcome) => outcome.Twin switch
    {
        null => known,
        { Differences: > 0 } found => known with { Checked = found, Agreed = 0, Missed = 0, Words = [] },
        var found => known with { Checked = found },
    };

    private static MergeKnowledge Compared(MergeKnowledge known, Search search, Outcome outcome) =>
        outcome.VideoIds.Count == 0 || outcome.Unmatched is not { } unmatched ? known
        : IsProof(search) ? known with
        {
            Agreed = known.Agreed + outcome.VideoIds.Count - unmatched,
            Missed = known.Missed + unmatched,
            Words = known.Words.Count >= MergeKnowledge.ProvingWords ? known.Words : [.. known.Words.Append(search.Questions[0].ClauseId).Distinct(StringComparer.Ordinal)],
        }
        : known with { Merged = known.Merged + outcome.VideoIds.Count, Unattributed = known.Unattributed + unmatched };
}
