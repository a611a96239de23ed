using System.Collections.Concurrent;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Ids that each running search has brought, to notice a search that goes round in circles. Read back from the kept pages after a restart.</summary>
internal sealed class SeenVideos(ICollectorStore store)
{
    private readonly ConcurrentDictionary<string, HashSet<string>> bySearch = new(StringComparer.Ordinal);

    public async Task<ISet<string>> OfAsync(Search search, CancellationToken cancellationToken)
    {
        var key = Key(search);
        if (!bySearch.TryGetValue(key, out var ids))
        {
            ids = bySearch.GetOrAdd(key, new HashSet<string>(await store.ListVideoIdsAsync(search.LabId, search.SearchId, cancellationToken), StringComparer.Ordinal));
        }

        return ids;
    }

    public void Forget(Search search) => bySearch.TryRemove(Key(search), out _);

    private static string Key(Search search) => $"{search.LabId} {search.SearchId}";
}
