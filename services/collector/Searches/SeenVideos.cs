using System.Collections.Concurrent;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// Ids that each running search has brought, to notice a search that goes round in circles. Read back from the kept pages after a restart, and when another
/// process has moved the search on meanwhile.
/// </summary>
internal sealed class SeenVideos(ICollectorStore store)
{
    /// <summary>More searches than a few are walked in turns only when there are several labs; who was forgotten is read back.</summary>
    private const int Most = 64;

    private readonly ConcurrentDictionary<(string LabId, string SearchId), (Checkpoint At, SeenIds Ids)> bySearch = new();

    /// <summary>The ids that the search has brought up to where it stands.</summary>
    public async Task<SeenIds> OfAsync(OpenSearch open, CancellationToken cancellationToken)
    {
        var key = (open.Search.LabId, open.Search.SearchId);
        if (bySearch.TryGetValue(key, out var known) && IsSamePlace(known.At, open.Checkpoint))
        {
            return known.Ids;
        }

        if (bySearch.Count >= Most)
        {
            bySearch.Clear();
        }

        var ids = new SeenIds(await ReadAsync(open.Search.LabId, [open.Search.SearchId], cancellationToken), await ReadAsync(open.Search.LabId, open.Search.Rereads, cancellationToken))
        {
            Merged = await ReadMergedAsync(open.Search, cancellationToken),
        };
        bySearch[key] = (open.Checkpoint, ids);
        return ids;
    }

    /// <summary>The page that was asked for has been kept; this followed from it.</summary>
    public void Follow(OpenSearch open, Step step)
    {
        var key = (open.Search.LabId, open.Search.SearchId);
        if (step is Step.GoOn next && bySearch.TryGetValue(key, out var known))
        {
            bySearch[key] = known with { At = next.Next };
        }
        else
        {
            bySearch.TryRemove(key, out _);
        }
    }

    private async Task<HashSet<string>> ReadAsync(string labId, IReadOnlyList<string> searchIds, CancellationToken cancellationToken)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var searchId in searchIds)
        {
            ids.UnionWith(await store.ListVideoIdsAsync(labId, searchId, cancellationToken));
        }

        return ids;
    }

    /// <summary>What the search that this one checks has brought; nothing for any other.</summary>
    private async Task<IReadOnlyDictionary<string, MergedVideo>> ReadMergedAsync(Search search, CancellationToken cancellationToken)
    {
        var merged = new Dictionary<string, MergedVideo>(StringComparer.Ordinal);
        if (search.Twin is not { } twin)
        {
            return merged;
        }

        var brought = await ReadAsync(search.LabId, [twin.Merged], cancellationToken);
        foreach (var pageId in await store.ListPageIdsAsync(search.LabId, twin.Merged, cancellationToken))
        {
            if (await store.FindPageAsync(search.LabId, pageId, cancellationToken) is { } found)
            {
                TwinComparison.Add(merged, found.Page, brought, search);
            }
        }

        return merged;
    }

    private static bool IsSamePlace(Checkpoint one, Checkpoint other) => (one.Cursor, one.Attempt) == (other.Cursor, other.Attempt);
}

/// <summary>Ids that a search has brought, and those that the searches had brought whose stretch it reads again.</summary>
internal sealed record SeenIds(ISet<string> Own, IReadOnlySet<string> Before)
{
    /// <summary>Of a check of the local match: what the merged search had brought, by id; otherwise nothing.</summary>
    public IReadOnlyDictionary<string, MergedVideo> Merged { get; init; } = new Dictionary<string, MergedVideo>(StringComparer.Ordinal);
}
