using System.Collections.Concurrent;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Searches that this process works on, each from before its request is begun until what became of it is in the store.</summary>
internal sealed class SearchesInHand
{
    private readonly ConcurrentDictionary<(string LabId, string SearchId), bool> taken = new();

    public bool Has(Search search) => taken.ContainsKey((search.LabId, search.SearchId));

    /// <summary>Takes the search until the result is disposed; null when somebody in this process has it.</summary>
    public IDisposable? Take(Search search) => taken.TryAdd((search.LabId, search.SearchId), true) ? new Hand(taken, (search.LabId, search.SearchId)) : null;

    private sealed class Hand(ConcurrentDictionary<(string LabId, string SearchId), bool> taken, (string LabId, string SearchId) search) : IDisposable
    {
        public void Dispose() => taken.TryRemove(search, out _);
    }
}
