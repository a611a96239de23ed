namespace IssueObservatory.Mesh.Sandbox;

/// <summary>What became of the searches.</summary>
/// <param name="Opened">First pages that were answered.</param>
/// <param name="Finished">Searches whose last page was read.</param>
/// <param name="Lost">Searches that had more, and whose end was not read.</param>
/// <param name="Resumed">Later pages that were refused and then read with the same <c>search_id</c> and cursor.</param>
/// <param name="Pages">Pages that were answered, first ones included.</param>
public sealed record SandboxSearchReport(int Opened, int Finished, int Lost, int Resumed, int Pages)
{
    internal static SandboxSearchReport Of(IReadOnlyList<SandboxRequest> log)
    {
        var good = log.Where(request => request is { Endpoint: SandboxEndpoint.VideoQuery, IsGood: true, HasMore: not null }).ToList();
        var refused = log.Where(request => request is { Endpoint: SandboxEndpoint.VideoQuery, IsGood: false, SearchId: not null, Status: not (401 or 429) }).ToList();

        // A search goes on under the id that its last page named; a page that named a new one was asked with the old one.
        var ends = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var page in good)
        {
            if (page.SearchId is { } old && old != page.NextSearchId)
            {
                ends.Remove(old);
            }

            ends[page.NextSearchId ?? page.SearchId ?? "without result"] = page.HasMore == false;
        }

        var finished = good.Count(page => page.HasMore == false);
        return new(
            good.Count(page => page.SearchId is null),
            finished,
            ends.Values.Count(ended => !ended),
            refused.Select(page => (page.SearchId, page.Cursor)).Distinct().Count(lost => good.Any(page => page.SearchId == lost.SearchId && page.Cursor == lost.Cursor)),
            good.Count);
    }
}
