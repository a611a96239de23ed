using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Cuts windows that TikTok takes for too long: pure. Its documentation allows an end of 30 days after the start, which is 31 days; some read it as 30.
/// </summary>
internal static class Shortening
{
    /// <summary>Days that every client has been answered for.</summary>
    public const int SafeDays = 30;

    /// <summary>
    /// Two searches for the window of a refused one, which teach whether its length was to blame. They keep the place in the line, so that this is known
    /// before other searches are sent.
    /// </summary>
    public static Step.Finished Refused(Search search) => new(Covered: null, Missing: null, [.. Parts(search, SafeDays).Select(part => part with { IsShortened = true })]);

    /// <summary>What a search that has not been sent yet has to become, because windows of its length are refused; null: nothing.</summary>
    public static Step.Finished? Due(Search search, Checkpoint checkpoint, MergeKnowledge known, CollectorOptions options) =>
        search.Kind is SearchKind.Videos && checkpoint.IsFirstPage && known.WindowDays(options) is var longest && search.Window.Count > longest
            ? new(Covered: null, Missing: null, Parts(search, longest))
            : null;

    private static IReadOnlyList<Search> Parts(Search search, int longest) =>
    [
        .. search.Window.Windows(longest)
            .Select((window, i) => search.Within(window) with { SearchId = $"{search.SearchId}{(char)('v' + i)}", Restarts = 0 })
            .Where(part => part.Clauses.Count > 0),
    ];
}
