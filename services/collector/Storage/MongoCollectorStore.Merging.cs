using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using static IssueObservatory.Mesh.Collector.MongoCollectorDocuments;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What is known of merging, and which searches can still be joined.</summary>
internal sealed partial class MongoCollectorStore
{
    public Task<MergeKnowledge> ReadMergingAsync(string labId, ClauseClass clauseClass, CancellationToken cancellationToken) =>
        store.ReadAsync(labId, lab => ReadMergingAsync(lab, labId, clauseClass, cancellationToken), cancellationToken);

    private static async Task<MergeKnowledge> ReadMergingAsync(MongoReading lab, string labId, ClauseClass clauseClass, CancellationToken cancellationToken) =>
        await lab.FindAsync(Merging, ClassKeyOf(labId, clauseClass), cancellationToken) is { } known ? ReadMerging(known) : MergeKnowledge.Nothing;

    private static async Task<IReadOnlyDictionary<ClauseClass, MergeKnowledge>> ReadMergingAsync(MongoReading lab, string labId, IReadOnlyList<AskedClause> asked, CancellationToken cancellationToken)
    {
        Dictionary<ClauseClass, MergeKnowledge> merging = [];
        foreach (var clauseClass in asked.Select(each => each.Clause.Class).Distinct())
        {
            merging[clauseClass] = await ReadMergingAsync(lab, labId, clauseClass, cancellationToken);
        }

        return merging;
    }

    private static async Task<IReadOnlyList<WaitingSearch>> ReadWaitingAsync(MongoReading lab, string labId, IReadOnlyList<AskedClause> asked, CancellationToken cancellationToken)
    {
        if (WaitingSearches.Wanted(asked) is not { } wanted)
        {
            return [];
        }

        List<SearchRecord> waiting = [];
        foreach (var keys in wanted.Keys.Select(key => MongoKey.Of(labId, key)).Chunk(MostKeys))
        {
            waiting.AddRange(await QueryAsync(lab, MongoCollectorQueries.Waiting(keys, wanted.Days.From.DayNumber, wanted.Days.To.DayNumber), ReadSearch, cancellationToken));
        }

        var served = waiting.SelectMany(search => search.Collections).Distinct(StringComparer.Ordinal).Select(id => MongoKey.Of(labId, id));
        var active = (await QueryAsync(lab, MongoCollectorQueries.Keys(Collections, served), ReadCollection, cancellationToken))
            .Where(collection => collection.IsActive).Select(collection => collection.CollectionId).ToHashSet(StringComparer.Ordinal);
        return [.. waiting.Where(search => search.Collections.All(active.Contains)).Select(WaitingSearch.Of).OfType<WaitingSearch>()];
    }
}
