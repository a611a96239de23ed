using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using static IssueObservatory.Mesh.Collector.MongoCollectorDocuments;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Coverage, what a plan makes of it, and how a decision is written.</summary>
internal sealed partial class MongoCollectorStore
{
    /// <summary>Keys of one query; more are asked for in several.</summary>
    private const int MostKeys = 1000;

    public Task<PlanningState> ReadPlanningStateAsync(string labId, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, CancellationToken cancellationToken) =>
        store.ReadAsync(labId, lab => ReadStateAsync(lab, labId, asked, lists, cancellationToken), cancellationToken);

    public Task<History> ReadHistoryAsync(string labId, IReadOnlyList<AskedClause> asked, CancellationToken cancellationToken) =>
        store.ReadAsync(
            labId,
            async lab => new History(await ReadCoverageAsync(lab, labId, asked, cancellationToken), await ReadMergingAsync(lab, labId, asked, cancellationToken)),
            cancellationToken);

    private static async Task<PlanningState> ReadStateAsync(MongoReading lab, string labId, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, CancellationToken cancellationToken)
    {
        var clauses = asked.Where(each => !each.IsList).Select(each => each.Clause.ClauseId).ToHashSet(StringComparer.Ordinal);
        List<SearchRecord> open = [];
        foreach (var keys in clauses.Select(id => MongoKey.Of(labId, id)).Chunk(MostKeys))
        {
            open.AddRange(await QueryAsync(lab, MongoCollectorQueries.Covering(keys), ReadSearch, cancellationToken));
        }

        var openDays =
            from search in open.DistinctBy(search => search.Search.SearchId, StringComparer.Ordinal).OrderBy(search => search.Search.SearchId, StringComparer.Ordinal)
            from each in search.Search.Clauses
            where clauses.Contains(each.Clause.ClauseId)
            select (each.Clause.ClauseId, new OpenSearchDays(search.Search.SearchId, each.Days));
        Dictionary<ClauseClass, ClassBlackouts> blackouts = [];
        foreach (var clauseClass in asked.Any(each => !each.IsList) ? Enum.GetValues<ClauseClass>() : [])
        {
            blackouts[clauseClass] = await ReadBlackoutsAsync(lab, clauseClass, cancellationToken);
        }

        return new()
        {
            Blackouts = blackouts,
            Merging = await ReadMergingAsync(lab, labId, asked, cancellationToken),
            Waiting = await ReadWaitingAsync(lab, labId, asked, cancellationToken),
            Coverage = await ReadCoverageAsync(lab, labId, asked, cancellationToken),
            OpenSearches = ByClause(openDays),
            Lists = FactsOf(lists, await ReadReadingAsync(lab, labId, lists, cancellationToken), await ReadListsAsync(lab, labId, lists, cancellationToken)),
        };
    }

    private static Task<IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>>> ReadCoverageAsync(MongoReading lab, string labId, IReadOnlyList<AskedClause> asked, CancellationToken cancellationToken) =>
        ReadCoverageAsync(lab, labId, [.. asked.Where(each => !each.IsList).Select(each => new SearchClause(each.Clause, each.Days))], cancellationToken);

    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>>> ReadCoverageAsync(MongoReading lab, string labId, IReadOnlyList<SearchClause> clauses, CancellationToken cancellationToken)
    {
        if (clauses.Count == 0)
        {
            return new Dictionary<string, IReadOnlyList<CoveredDay>>(StringComparer.Ordinal);
        }

        var days = clauses.Select(each => each.Days).Aggregate((one, other) => one.Union(other));
        List<(string ClauseId, CoveredDay Day)> known = [];
        foreach (var month in await ReadMonthsAsync(lab, clauses.SelectMany(each => MonthsOf(labId, each.Clause.ClauseId, days)), cancellationToken))
        {
            known.AddRange(DaysOf(month).Where(day => days.Contains(day.Day)).Select(day => (month["clause"].AsString, day)));
        }

        return ByClause(known.OrderBy(each => each.Day.Day));
    }

    /// <summary>Searches of the lab that read these lists now.</summary>
    private static async Task<List<SearchRecord>> ReadReadingAsync(MongoReading lab, string labId, IReadOnlyList<ListKey> lists, CancellationToken cancellationToken)
    {
        List<SearchRecord> reading = [];
        foreach (var keys in ListKeys(labId, lists).Chunk(MostKeys))
        {
            reading.AddRange(await QueryAsync(lab, MongoCollectorQueries.ReadingLists(keys), ReadSearch, cancellationToken));
        }

        return reading;
    }

    private static async Task<List<ListRead>> ReadListsAsync(MongoReading lab, string labId, IReadOnlyList<ListKey> lists, CancellationToken cancellationToken)
    {
        List<ListRead> reads = [];
        foreach (var keys in ListKeys(labId, lists).Chunk(MostKeys))
        {
            reads.AddRange(await QueryAsync(lab, MongoCollectorQueries.Keys(Lists, keys), ReadList, cancellationToken));
        }

        return reads;
    }

    private static Dictionary<ListKey, ListFact> FactsOf(IReadOnlyList<ListKey> lists, IEnumerable<SearchRecord> searches, IEnumerable<ListRead> reads)
    {
        var open = searches.Where(search => search.Search.Kind is SearchKind.List).ToLookup(search => search.Search.List, search => search.Search.SearchId);
        var read = reads.ToDictionary(each => each.List);
        return lists.Distinct()
            .Select(list => (List: list, Fact: new ListFact(open[list].FirstOrDefault() ?? "", read.GetValueOrDefault(list))))
            .ToDictionary(each => each.List, each => each.Fact);
    }

    /// <summary>What a plan adds, with what it joins as it stands.</summary>
    private async Task ApplyAsync(MongoChange change, CollectionRecord collection, PlanningState state, Plan plan, CancellationToken cancellationToken)
    {
        var joined = await QueryAsync(change, MongoCollectorQueries.Keys(Searches, plan.Touched.Select(id => MongoKey.Of(collection.LabId, id))), ReadSearch, cancellationToken);
        await PutAsync(change, collection.LabId, PlanKeeping.Apply(collection, plan, joined, state), bodyParts: 0, cancellationToken);
    }

    private async Task ApplyAsync(MongoChange change, string labId, IReadOnlyList<AskingCollection> together, PlanningState state, Plan plan, CancellationToken cancellationToken)
    {
        var joined = await QueryAsync(change, MongoCollectorQueries.Keys(Searches, plan.Touched.Select(id => MongoKey.Of(labId, id))), ReadSearch, cancellationToken);
        await PutAsync(change, labId, PlanKeeping.Apply(together, plan, joined, state), bodyParts: 0, cancellationToken);
    }

    private static async Task PutMonthsAsync(MongoChange change, string labId, IReadOnlyList<ClauseDay> coverage, CancellationToken cancellationToken)
    {
        var byMonth = coverage.ToLookup(each => MonthKey(labId, each.ClauseId, each.Day.Day), StringComparer.Ordinal);
        var known = (await ReadMonthsAsync(change, byMonth.Select(month => month.Key), cancellationToken)).ToDictionary(month => month["_id"].AsString, StringComparer.Ordinal);
        foreach (var month in byMonth)
        {
            var before = known.GetValueOrDefault(month.Key) ?? new BsonDocument { ["_id"] = month.Key, ["clause"] = month.First().ClauseId, ["days"] = new BsonDocument() };
            change.Put(Coverage, With(before, month));
        }
    }

    private static async Task<List<BsonDocument>> ReadMonthsAsync(MongoReading lab, IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        List<BsonDocument> months = [];
        foreach (var some in keys.Distinct(StringComparer.Ordinal).Chunk(MostKeys))
        {
            months.AddRange(await QueryAsync(lab, MongoCollectorQueries.Keys(Coverage, some), month => month, cancellationToken));
        }

        return months;
    }

    private static IEnumerable<string> MonthsOf(string labId, string clauseId, Days days)
    {
        for (var month = new DateOnly(days.From.Year, days.From.Month, 1); month <= days.To; month = month.AddMonths(1))
        {
            yield return MonthKey(labId, clauseId, month);
        }
    }

    private static IEnumerable<string> ListKeys(string labId, IReadOnlyList<ListKey> lists) => lists.Select(list => ListKeyOf(labId, list)).Distinct(StringComparer.Ordinal);

    private static Dictionary<string, IReadOnlyList<T>> ByClause<T>(IEnumerable<(string ClauseId, T Value)> rows) =>
        rows.GroupBy(row => row.ClauseId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, IReadOnlyList<T> (group) => [.. group.Select(row => row.Value)], StringComparer.Ordinal);
}
