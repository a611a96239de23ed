using IssueObservatory.Mesh.Defaults;
using MongoDB.Bson;
using static IssueObservatory.Mesh.Collector.MongoCollectorDocuments;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>The store in MongoDB, for several processes. This part: collections; searches, pages, planning and claims are in files of their own.</summary>
internal sealed partial class MongoCollectorStore(MongoStore store, CollectorOptions options) : ICollectorStore
{
    private readonly AskedCache askings = new();

    public Task<Submitted> SubmitAsync(CollectionRecord collection, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, Func<PlanningState, Plan> plan, CancellationToken cancellationToken)
    {
        // A plan makes ids, so it is asked once for each state that it sees, and the last one counts.
        return store.WriteAsync(
            collection.LabId,
            async change =>
            {
                var requestKey = MongoKey.Of(collection.LabId, collection.RequestId);
                if (await change.FindAsync(RequestIds, requestKey, cancellationToken) is { } request
                    && await FindAsync(change, collection.LabId, request["collection"].AsString, cancellationToken) is { } known
                    && known.AnswersTo(collection, options))
                {
                    return new Submitted(known, Existed: true);
                }

                change.Put(RequestIds, new() { ["_id"] = requestKey, ["collection"] = collection.CollectionId });
                change.Put(Askings, Of(collection, asked, lists));
                var state = await ReadStateAsync(change, collection.LabId, StandingDays.AskedNow(collection, asked), lists, cancellationToken);
                var planned = plan(state);
                var kept = collection with { Estimate = planned.Estimate };
                change.Put(Collections, Of(kept));
                await ApplyAsync(change, kept, state, planned, cancellationToken);
                return new Submitted(kept, Existed: false);
            },
            cancellationToken);
    }

    public Task<CollectionRecord?> ContinueAsync(
        string labId,
        string collectionId,
        Func<CollectionRecord, CollectionRecord?> change,
        Func<CollectionRecord, IReadOnlyList<AskedClause>, IReadOnlyList<ListKey>, PlanningState, Plan> plan,
        CancellationToken cancellationToken) =>
        store.WriteAsync(
            labId,
            async lab =>
            {
                var collection = await ChangeAsync(lab, labId, collectionId, before => change(before) ?? (before.IsActive ? before : null), cancellationToken);
                if (collection is { IsActive: true })
                {
                    var (asked, lists) = await AskedNowAsync(lab, collection, cancellationToken);
                    var state = await ReadStateAsync(lab, labId, asked, lists, cancellationToken);
                    await ApplyAsync(lab, collection, state, plan(collection, asked, lists, state), cancellationToken);
                }

                return collection;
            },
            cancellationToken);

    public Task<IReadOnlyList<CollectionRecord>> PlanTogetherAsync(
        string labId,
        IReadOnlyList<string> collectionIds,
        Func<CollectionRecord, CollectionRecord?> change,
        Func<IReadOnlyList<AskingCollection>, PlanningState, Plan> plan,
        CancellationToken cancellationToken) =>
        store.WriteAsync<IReadOnlyList<CollectionRecord>>(
            labId,
            async lab =>
            {
                List<AskingCollection> together = [];
                foreach (var collectionId in collectionIds)
                {
                    if (await FindAsync(lab, labId, collectionId, cancellationToken) is not { } before || change(before) is not { } changed)
                    {
                        continue;
                    }

                    var after = before.Changed(changed);
                    lab.Put(Collections, Of(after));
                    if (after.IsActive)
                    {
                        together.Add(new(after, (await AskedNowAsync(lab, after, cancellationToken)).Asked));
                    }
                }

                if (together.Count > 0)
                {
                    var state = await ReadStateAsync(lab, labId, [.. together.SelectMany(each => each.Asked)], [], cancellationToken);
                    await ApplyAsync(lab, labId, together, state, plan(together, state), cancellationToken);
                }

                return [.. together.Select(each => each.Collection)];
            },
            cancellationToken);

    public async Task<IReadOnlyList<CollectionRecord>> ListDueAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        List<CollectionRecord> due = [];
        foreach (var labId in await store.ListLabsAsync(cancellationToken))
        {
            due.AddRange(await store.ReadAsync(labId, lab => QueryAsync(lab, MongoCollectorQueries.Due(labId, now.UtcDateTime), ReadCollection, cancellationToken), cancellationToken));
        }

        return [.. due.OrderBy(collection => collection.CreatedAt).ThenBy(collection => collection.CollectionId, StringComparer.Ordinal)];
    }

    public Task<CollectionRecord?> FindAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        store.ReadAsync(labId, lab => FindAsync(lab, labId, collectionId, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<CollectionRecord>> ListAsync(string labId, string afterCollectionId, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<CollectionRecord>>(
            labId,
            async lab =>
            {
                if (afterCollectionId.Length == 0)
                {
                    return await QueryAsync(lab, MongoCollectorQueries.NewestFirst(labId, limit), ReadCollection, cancellationToken);
                }

                var key = MongoKey.Of(labId, afterCollectionId);
                return await lab.FindAsync(Collections, key, cancellationToken) is { } after
                    ? await QueryAsync(lab, MongoCollectorQueries.NewestFirstAfter(labId, after["created"].ToUniversalTime(), key, limit), ReadCollection, cancellationToken)
                    : [];
            },
            cancellationToken);

    public Task<CollectionRecord?> ChangeAsync(string labId, string collectionId, Func<CollectionRecord, CollectionRecord?> change, CancellationToken cancellationToken) =>
        store.WriteAsync(labId, lab => ChangeAsync(lab, labId, collectionId, change, cancellationToken), cancellationToken);

    public Task<CollectionFacts?> ReadFactsAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        store.ReadAsync(
            labId,
            async lab =>
            {
                if (await FindAsync(lab, labId, collectionId, cancellationToken) is not { } collection)
                {
                    return null;
                }

                var (asked, lists) = await AskedNowAsync(lab, collection, cancellationToken);
                var searches = await QueryAsync(lab, MongoCollectorQueries.Serving(MongoKey.Of(labId, collectionId)), ReadSearch, cancellationToken);
                return new CollectionFacts
                {
                    Collection = collection,
                    Asked = asked,
                    Coverage = await ReadCoverageAsync(lab, labId, [.. asked.Where(each => !each.IsList).Select(each => new SearchClause(each.Clause, each.Days))], cancellationToken),
                    OpenDays = ByClause(searches.SelectMany(search => search.Search.Dated).Select(each => (each.Clause.ClauseId, each.Days)).OrderBy(each => each.Days.From)),
                    Unsettled = searches.Count(search => search.IsUnsettledFor(collectionId)),
                    OpenSearches = searches.Count,
                    Lists = FactsOf(lists, searches, await ReadListsAsync(lab, labId, lists, cancellationToken)),
                };
            },
            cancellationToken);

    public async Task<IReadOnlyList<CollectionRecord>> ListUnfinishedAsync(CancellationToken cancellationToken)
    {
        List<CollectionRecord> unfinished = [];
        foreach (var labId in await store.ListLabsAsync(cancellationToken))
        {
            unfinished.AddRange(await store.ReadAsync(labId, lab => QueryAsync(lab, MongoCollectorQueries.Unfinished(labId), ReadCollection, cancellationToken), cancellationToken));
        }

        return unfinished;
    }

    private static async Task<CollectionRecord?> FindAsync(MongoReading lab, string labId, string collectionId, CancellationToken cancellationToken) =>
        await lab.FindAsync(Collections, MongoKey.Of(labId, collectionId), cancellationToken) is { } document ? ReadCollection(document) : null;

    /// <summary>What a collection asks for now.</summary>
    private async Task<Asking> AskedNowAsync(MongoReading lab, CollectionRecord collection, CancellationToken cancellationToken)
    {
        var asking = await ReadAskingAsync(lab, collection.LabId, collection.CollectionId, cancellationToken);
        return asking with { Asked = StandingDays.AskedNow(collection, asking.Asked) };
    }

    private async Task<Asking> ReadAskingAsync(MongoReading lab, string labId, string collectionId, CancellationToken cancellationToken) =>
        askings.Find(labId, collectionId)
        ?? (await lab.FindAsync(Askings, MongoKey.Of(labId, collectionId), cancellationToken) is { } document ? askings.Keep(labId, collectionId, ReadAsking(document)) : Asking.Nothing);

    private static async Task<CollectionRecord?> ChangeAsync(MongoChange lab, string labId, string collectionId, Func<CollectionRecord, CollectionRecord?> change, CancellationToken cancellationToken)
    {
        var before = await FindAsync(lab, labId, collectionId, cancellationToken);
        if (before is null || change(before) is not { } changed)
        {
            return before;
        }

        var after = before.Changed(changed);
        lab.Put(Collections, Of(after));
        return after;
    }

    private static async Task<List<T>> QueryAsync<T>(MongoReading lab, MongoCollectorQuery query, Func<BsonDocument, T> read, CancellationToken cancellationToken) =>
        [.. (await lab.QueryAsync(query.Collection, query.Query, cancellationToken)).Select(read)];
}
