using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using static IssueObservatory.Mesh.Collector.MongoCollectorDocuments;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Searches on their way: which is next, what is in flight, what follows from a page.</summary>
internal sealed partial class MongoCollectorStore
{
    private static readonly QuotaBucket[] Buckets = [QuotaBucket.Research, QuotaBucket.Follow];

    public async Task<IReadOnlyList<OpenSearch>> ListOpenAsync(IReadOnlyCollection<string>? awake, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        List<(SearchRecord Record, OpenSearch Open)> next = [];
        foreach (var labId in await store.ListLabsAsync(cancellationToken))
        {
            next.AddRange(await store.ReadAsync(labId, lab => ListOpenAsync(lab, labId, awake, now, limit, cancellationToken), cancellationToken));
        }

        return [.. InWalkingOrder(next, now, new HashSet<string>(StringComparer.Ordinal)).Select(each => each.Open)];
    }

    public async Task<IReadOnlyList<OpenSearch>> ListInFlightAsync(CancellationToken cancellationToken)
    {
        List<OpenSearch> inFlight = [];
        foreach (var labId in await store.ListLabsAsync(cancellationToken))
        {
            inFlight.AddRange(await store.ReadAsync(
                labId,
                async lab =>
                {
                    var searches = await QueryAsync(lab, MongoCollectorQueries.InFlight(labId), ReadSearch, cancellationToken);
                    var active = searches.Count > 0 ? await ListActiveAsync(lab, labId, awake: null, DateTimeOffset.MaxValue, cancellationToken) : [];
                    return searches.Select(search => OpenOf(search, active)).ToList();
                },
                cancellationToken));
        }

        return inFlight;
    }

    public Task<bool> BeginRequestAsync(OpenSearch open, string grantId, Holder holder, DateTimeOffset now, CancellationToken cancellationToken) =>
        store.WriteAsync(
            open.Search.LabId,
            async change =>
            {
                // Who loses the name right after this is found by its epoch: the request is then taken up by others, and its late page moves nothing.
                if (await EpochOfAsync(change, holder.Instance, cancellationToken) != holder.Epoch
                    || await ReadSearchFactsAsync(change, open.Search.LabId, open.Search.SearchId, cancellationToken) is not { } facts)
                {
                    return false;
                }

                var (begun, decided) = RequestPaying.Begin(facts, open, grantId, holder, now);
                await PutAsync(change, open.Search.LabId, decided, bodyParts: 0, cancellationToken);
                return begun;
            },
            cancellationToken);

    public Task AbandonRequestAsync(OpenSearch open, DateTimeOffset notBefore, CancellationToken cancellationToken) =>
        DecideAsync(open.Search, facts => RequestPaying.Abandon(facts, open, notBefore), cancellationToken);

    public Task ForgetRequestAsync(OpenSearch open, CancellationToken cancellationToken) =>
        DecideAsync(open.Search, facts => RequestPaying.Forget(facts, open), cancellationToken);

    public Task NoteToldAsync(OpenSearch open, CancellationToken cancellationToken) =>
        DecideAsync(open.Search, facts => RequestPaying.NoteTold(facts, open), cancellationToken);

    public Task SubmitRefreshAsync(Search search, CancellationToken cancellationToken) =>
        store.WriteAsync(
            search.LabId,
            change => PutAsync(change, search.LabId, new() { NewSearches = [new() { Search = search }] }, bodyParts: 0, cancellationToken),
            cancellationToken);

    public async Task<IReadOnlyList<EndedRefresh>> ListEndedRefreshesAsync(CancellationToken cancellationToken)
    {
        List<EndedRefresh> ended = [];
        foreach (var labId in await store.ListLabsAsync(cancellationToken))
        {
            ended.AddRange(await store.ReadAsync(labId, lab => ListEndedRefreshesAsync(lab, labId, cancellationToken), cancellationToken));
        }

        return ended;
    }

    public Task MarkAnnouncedAsync(string labId, string searchId, CancellationToken cancellationToken) =>
        store.WriteAsync(
            labId,
            async change =>
            {
                if (await FindSearchAsync(change, labId, searchId, cancellationToken) is { } search)
                {
                    change.Put(Searches, Of(search with { Announced = true }));
                }
            },
            cancellationToken);

    private static async Task<List<(SearchRecord Record, OpenSearch Open)>> ListOpenAsync(
        MongoReading lab, string labId, IReadOnlyCollection<string>? awake, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var active = await ListActiveAsync(lab, labId, awake, now, cancellationToken);
        var ready = await ThatMaySendAsync(lab, active, cancellationToken);
        var refreshes = (await QueryAsync(lab, MongoCollectorQueries.Unannounced(labId), ReadSearch, cancellationToken))
            .Where(refresh => refresh.Status is SearchStatus.Open && (awake is null || awake.Contains(refresh.Search.RefreshId, StringComparer.Ordinal)));
        List<(string Caller, SearchRecord Record)> found = [.. refreshes.Select(refresh => ("", refresh))];
        var carriers = new HashSet<string>(StringComparer.Ordinal);
        var explorations = ready.Count > 0 ? await ReadExplorationsAsync(lab, cancellationToken) : [];
        BsonArray notHeld = [.. explorations.Where(each => each.IsFresh(now)).Select(each => MongoCollectorQueries.NotHeld((int)each.Class, each.HoldsFrom.DayNumber))];

        // One caller's work hides nothing of another's.
        foreach (var caller in ready.GroupBy(collection => collection.Caller, KeyOf, StringComparer.Ordinal))
        {
            List<string> keys = [.. caller];
            foreach (var exploration in explorations)
            {
                var lending = await CarriersAsync(lab, labId, keys, exploration, now, limit, cancellationToken);
                found.AddRange(lending.Select(search => (caller.Key, search)));
                carriers.UnionWith(lending.Select(search => search.Search.SearchId));
            }

            foreach (var bucket in Buckets)
            {
                var ripe = await QueryAsync(lab, MongoCollectorQueries.InWalkingOrder(keys, bucket, now.UtcDateTime, mayBeSent: true, limit, notHeld), ReadSearch, cancellationToken);
                found.AddRange(ripe.Select(search => (caller.Key, search)));
                if (ripe.Count < limit)
                {
                    var unripe = await QueryAsync(lab, MongoCollectorQueries.InWalkingOrder(keys, bucket, now.UtcDateTime, mayBeSent: false, limit - ripe.Count, notHeld), ReadSearch, cancellationToken);
                    found.AddRange(unripe.Select(search => (caller.Key, search)));
                }
            }
        }

        // What one budget holds up hides nothing of the other, and interactive work no refresh.
        var inOrder = found.DistinctBy(each => (each.Caller, each.Record.Search.SearchId))
            .GroupBy(each => (each.Record.Search.Bucket, each.Caller, IsRefresh: each.Record.Search.Kind is SearchKind.Refresh))
            .SelectMany(turn => InWalkingOrder(turn.Select(each => (each.Record, OpenOf(each.Record, active) with { Caller = each.Caller })), now, carriers).Take(limit));
        return [.. InWalkingOrder(inOrder, now, carriers)];
    }

    /// <summary>The search that makes the next test of an exploration, or those that could.</summary>
    private static async Task<List<SearchRecord>> CarriersAsync(
        MongoReading lab, string labId, IReadOnlyList<string> ready, Exploration exploration, DateTimeOffset now, int limit, CancellationToken cancellationToken)
    {
        var tester = exploration.By.Length > 0 ? await FindSearchAsync(lab, labId, exploration.By, cancellationToken) : null;
        if (tester is { Status: SearchStatus.Open, Checkpoint.IsFirstPage: true } && tester.Collections.Any(id => ready.Contains(MongoKey.Of(labId, id), StringComparer.Ordinal)))
        {
            return [tester];
        }

        return exploration.By.Length > 0 && exploration.IsFresh(now)
            ? []
            : await QueryAsync(lab, MongoCollectorQueries.Holding(ready, QuotaBucket.Research, now.UtcDateTime, (int)exploration.Class, exploration.Anchor.DayNumber, limit), ReadSearch, cancellationToken);
    }

    /// <summary>Active collections that do not rest, oldest first.</summary>
    private static async Task<IReadOnlyList<CollectionRecord>> ListActiveAsync(MongoReading lab, string labId, IReadOnlyCollection<string>? awake, DateTimeOffset now, CancellationToken cancellationToken) =>
    [
        .. (await QueryAsync(lab, MongoCollectorQueries.Unfinished(labId), ReadCollection, cancellationToken))
            .Where(collection => collection.IsActive && !DailyUnits.Rests(collection, now) && (awake is null || awake.Contains(collection.CollectionId, StringComparer.Ordinal)))
            .OrderBy(collection => collection.CreatedAt.ToUnixTimeMilliseconds())
            .ThenBy(collection => collection.CollectionId, StringComparer.Ordinal),
    ];

    /// <summary>A collection with a limit of results waits until all its pages are records: before, nobody knows whether it has enough.</summary>
    private static async Task<IReadOnlyList<CollectionRecord>> ThatMaySendAsync(MongoReading lab, IReadOnlyList<CollectionRecord> active, CancellationToken cancellationToken)
    {
        var limited = active.Where(collection => collection.MaxResults > 0).ToList();
        var waiting = limited.Count == 0
            ? []
            : (await QueryAsync(lab, MongoCollectorQueries.Unanswered(limited.Select(KeyOf)), ReadSearch, cancellationToken)).SelectMany(search => search.Collections).ToHashSet(StringComparer.Ordinal);
        return [.. active.Where(collection => collection.MaxResults == 0 || !waiting.Contains(collection.CollectionId))];
    }

    private static async Task<List<EndedRefresh>> ListEndedRefreshesAsync(MongoReading lab, string labId, CancellationToken cancellationToken)
    {
        var waiting = await QueryAsync(lab, MongoCollectorQueries.Unannounced(labId), ReadSearch, cancellationToken);
        var going = waiting.Where(search => search.Status is SearchStatus.Open).Select(search => search.Search.RefreshId).ToHashSet(StringComparer.Ordinal);
        var ended = waiting.Where(search => !going.Contains(search.Search.RefreshId)).ToLookup(search => search.Search.RefreshId, StringComparer.Ordinal);
        if (ended.Count == 0)
        {
            return [];
        }

        var searches = await QueryAsync(lab, MongoCollectorQueries.OfRefreshes(ended.Select(refresh => MongoKey.Of(labId, refresh.Key))), ReadSearch, cancellationToken);
        var refreshOf = searches.ToDictionary(search => MongoKey.Of(labId, search.Search.SearchId), search => search.Search.RefreshId, StringComparer.Ordinal);
        var pages = await QueryAsync(lab, MongoCollectorQueries.VideosOf(refreshOf.Keys), page => page, cancellationToken);
        var byRefresh = pages.ToLookup(page => refreshOf[page["search"].AsString], StringComparer.Ordinal);
        return
        [
            .. from refresh in ended
               from search in refresh
               select new EndedRefresh(
                   search.Search,
                   search.Answered,
                   search.Covered,
                   byRefresh[refresh.Key].Select(FetchedAt).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max(),
                   [.. byRefresh[refresh.Key].SelectMany(VideoIds).Distinct(StringComparer.Ordinal)],
                   search.Checkpoint.Failure),
        ];
    }

    private Task DecideAsync(Search search, Func<SearchFacts, LabChange> decide, CancellationToken cancellationToken) =>
        store.WriteAsync(
            search.LabId,
            async change =>
            {
                if (await ReadSearchFactsAsync(change, search.LabId, search.SearchId, cancellationToken) is { } facts)
                {
                    await PutAsync(change, search.LabId, decide(facts), bodyParts: 0, cancellationToken);
                }
            },
            cancellationToken);

    private static async Task<SearchRecord?> FindSearchAsync(MongoReading lab, string labId, string searchId, CancellationToken cancellationToken) =>
        await lab.FindAsync(Searches, MongoKey.Of(labId, searchId), cancellationToken) is { } document ? ReadSearch(document) : null;

    private static async Task<SearchFacts?> ReadSearchFactsAsync(MongoReading lab, string labId, string searchId, CancellationToken cancellationToken) =>
        await FindSearchAsync(lab, labId, searchId, cancellationToken) is { } search
            ? new(search, await QueryAsync(lab, MongoCollectorQueries.Keys(Collections, search.Collections.Select(id => MongoKey.Of(labId, id))), ReadCollection, cancellationToken))
            : null;

    private static IEnumerable<(SearchRecord Record, OpenSearch Open)> InWalkingOrder(IEnumerable<(SearchRecord Record, OpenSearch Open)> searches, DateTimeOffset now, IReadOnlySet<string> carriers) =>
        searches
            .OrderBy(each => each.Record.Checkpoint.NotBefore > now)
            .ThenBy(each => !carriers.Contains(each.Record.Search.SearchId))
            .ThenBy(each => each.Record.Search.Priority)
            .ThenBy(each => each.Record.Checkpoint.IsFirstPage)
            .ThenBy(each => each.Record.Search.CreatedAt.ToUnixTimeMilliseconds())
            .ThenBy(each => each.Record.Ordinal)
            .ThenBy(each => each.Record.Search.SearchId, StringComparer.Ordinal);

    private static OpenSearch OpenOf(SearchRecord search, IReadOnlyList<CollectionRecord> active) => new(
        search.Search,
        search.Checkpoint,
        [.. active.Select(collection => collection.CollectionId).Where(id => search.Collections.Contains(id, StringComparer.Ordinal))],
        search.Holder);

    private static string KeyOf(CollectionRecord collection) => MongoKey.Of(collection.LabId, collection.CollectionId);

    private static DateTimeOffset FetchedAt(BsonDocument page) =>
        DateTimeOffset.Parse(page["page"]["FetchedAt"].AsString, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);

    private static IEnumerable<string> VideoIds(BsonDocument page) => page["video_ids"].AsBsonArray.Select(id => id.AsString);
}
