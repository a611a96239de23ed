using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Compares what TikTok finds for one clause with what was found for it in a merged search of the same days: pure. Videos come and go between two requests, so
/// what that explains is no difference: a video that the merged search did not bring is new, and one that it brought an hour ago may be gone.
/// </summary>
internal static class TwinComparison
{
    /// <summary>In an hour, hardly one of the videos of a page goes; in a day it may.</summary>
    private static readonly TimeSpan Stays = TimeSpan.FromHours(1);

    /// <summary>Adds the videos of a page of the merged search. Of an item that cannot be read nothing follows.</summary>
    /// <param name="merged">What its pages have brought, by id.</param>
    /// <param name="page">The next of them.</param>
    /// <param name="brought">Ids that it brought: a page that was kept in its name as evidence of something else brought none.</param>
    /// <param name="check">The check.</param>
    public static void Add(Dictionary<string, MergedVideo> merged, RawPage page, IReadOnlySet<string> brought, Search check)
    {
        var clause = check.Questions[0];
        foreach (var item in PageReader.Read(page.Body, page.Status).Items)
        {
            if (item.Id is { } id && brought.Contains(id) && ItemReader.TryRead<VideoItem>(item.Bytes, out var video, out _))
            {
                var isWithin = Outcomes.PostedOn(item) is { Count: > 0 } days && days.All(check.Window.Contains);
                merged[id] = new(LocalMatch.Holds(video, clause) || (merged.TryGetValue(id, out var before) && before.IsOurs), isWithin, page.FetchedAt);
            }
        }
    }

    /// <summary>The same outcome with what the comparison says; nothing when there was nothing to compare.</summary>
    /// <param name="search">The check; of any other search nothing is said.</param>
    /// <param name="outcome">Its answer.</param>
    /// <param name="merged">What the merged search had brought, by id.</param>
    /// <param name="now">When the answer came.</param>
    public static Outcome Compare(Search search, Outcome outcome, IReadOnlyDictionary<string, MergedVideo> merged, DateTimeOffset now)
    {
        if (search.Twin is null || outcome.Class is not ApiErrorClass.Ok)
        {
            return outcome;
        }

        var found = outcome.VideoIds.Where(merged.ContainsKey).ToHashSet(StringComparer.Ordinal);
        var ours = merged.Where(each => each.Value is { IsOurs: true, IsWithin: true } && now - each.Value.ReadAt <= Stays && Reaches(outcome, each.Key)).Select(each => each.Key).ToList();
        var videos = found.Union(ours, StringComparer.Ordinal).Count();
        return videos == 0 ? outcome : outcome with { Twin = new(videos, found.Count(id => !merged[id].IsOurs), ours.Count(id => !found.Contains(id))) };
    }

    /// <summary>Whether the answer would hold this video. Behind a full page there may be more, so of what is older than its last video it says nothing.</summary>
    private static bool Reaches(Outcome outcome, string id) =>
        (!outcome.HasMore && !(outcome.Cursor >= VideoQueryRequest.LargestPage)) || (outcome.LowestId.Length > 0 && Outcomes.Number(id) >= Outcomes.Number(outcome.LowestId));
}
