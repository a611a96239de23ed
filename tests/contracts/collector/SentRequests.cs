using System.Collections.Concurrent;
using IssueObservatory.Mesh.Collector;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>What TikTok would have seen: every request has a place (search, cursor, attempt) of its own.</summary>
internal sealed class SentRequests
{
    private readonly ConcurrentDictionary<(string, long, int), int> places = new();

    public int Count => places.Values.Sum();

    public IEnumerable<(string Search, long Cursor, int Attempt)> Twice => places.Where(place => place.Value > 1).Select(place => place.Key);

    public void Add(OpenSearch open) => places.AddOrUpdate((open.Search.SearchId, open.Checkpoint.Cursor, open.Checkpoint.Attempt), 1, (_, times) => times + 1);
}
