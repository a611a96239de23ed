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

        var ids = new SeenIds(await ReadAsync(open.Search.LabId, [open.Search.SearchId], cancellationToken), await ReadAsync(open.Search.LabId, open.Search.Rereads, cancellationToken));
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

    private static bool IsSamePlace(Checkpoint one, Checkpoint other) => (one.Cursor, one.Attempt) == (other.Cursor, other.Attempt);
}

/// <summary>Ids that a search has brought, and those that the searches had brought whose stretch it reads again.</summary>
internal sealed record SeenIds(ISet<string> Own, IReadOnlySet<string> Before);
