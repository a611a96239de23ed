using System.Globalization;
using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>A lab as a store keeps it, in memory and for one process: the real decisions about plans and pages, and their changes as they stand.</summary>
internal sealed class LabInMemory
{
    public const string LabId = "default";

    private readonly Dictionary<string, CollectionRecord> collections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SearchRecord> searches = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<DateOnly, CoveredDay>> coverage = new(StringComparer.Ordinal);
    private readonly Dictionary<ClauseClass, MergeKnowledge> merging = [];
    private readonly Dictionary<string, IReadOnlyList<AskedClause>> askings = new(StringComparer.Ordinal);
    private int ids;

    public IEnumerable<CollectionRecord> Collections => collections.Values;

    public MergeKnowledge Merging(ClauseClass clauseClass) => merging.GetValueOrDefault(clauseClass, MergeKnowledge.Nothing);

    /// <summary>Days of a clause that were read to their end.</summary>
    public IReadOnlyList<DateOnly> Complete(Clause clause) =>
        [.. coverage.GetValueOrDefault(clause.ClauseId, []).Values.Where(day => day.State is CoverageState.Complete).Select(day => day.Day)];

    /// <summary>What the lab has counted around what is asked.</summary>
    public History HistoryOf(IReadOnlyList<AskedClause> asked)
    {
        var state = StateOf(History.Around(asked));
        return new(state.Coverage, state.Merging);
    }

    /// <summary>Plans a collection of these clauses.</summary>
    public Plan Submit(IReadOnlyList<AskedClause> asked, DateTimeOffset now, CollectorOptions options, Priority priority = Priority.Interactive)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"c{collections.Count:000}");
        var collection = new CollectionRecord { LabId = LabId, CollectionId = id, RequestId = id, Fingerprint = "", Spec = "{}", Priority = priority, CreatedAt = now };
        collections.Add(id, collection);
        askings.Add(id, asked);
        var state = StateOf(asked);
        var plan = Planner.Decide(asked, [], state, new(LabId, priority, "", now, () => string.Create(CultureInfo.InvariantCulture, $"s{ids++:000000}")), options);
        Write(PlanKeeping.Apply(collection, plan, plan.Touched.Select(search => searches[search]), state));
        return plan;
    }

    /// <summary>The search that is to be walked next, in the order of the stores; null when nothing is open.</summary>
    public SearchRecord? Next(DateTimeOffset now) => searches.Values
        .Where(search => search.Status is SearchStatus.Open)
        .OrderBy(search => search.Checkpoint.NotBefore > now)
        .ThenBy(search => search.Search.Priority)
        .ThenBy(search => search.Checkpoint.IsFirstPage)
        .ThenBy(search => search.Search.CreatedAt)
        .ThenBy(search => search.Ordinal)
        .ThenBy(search => search.Search.SearchId, StringComparer.Ordinal)
        .FirstOrDefault();

    /// <summary>Does what follows without a request.</summary>
    public void Turn(SearchRecord search, Step.Finished step) => Write(PageKeeping.Turn(FactsOf(search), OpenOf(search), new(step, News: null)).Change);

    /// <summary>Keeps a page with what follows, and the normalizer's answer to it, which says how its videos spread over clauses and days.</summary>
    public void Keep(SearchRecord search, RawPage page, Outcome outcome, IReadOnlyList<ClauseVideos> videos, Step step, DateTimeOffset now, CollectorOptions options)
    {
        var open = OpenOf(search);
        Write(RequestPaying.Begin(FactsOf(search), open, page.GrantId, new Holder("bench", 1), now).Change);
        open = open with { Checkpoint = open.Checkpoint with { InFlightGrant = page.GrantId } };
        var facts = FactsOf(searches[search.Search.SearchId], PageKeeping.NeedsCoverage(step));
        var (_, change) = PageKeeping.Keep(facts, open, page, outcome, step);
        Write(change);
        if (!page.Normalized)
        {
            var counts = new PageCounts(outcome.VideoIds.Count, outcome.VideoIds.Count, 0, outcome.Unmatched ?? 0, 0) { Videos = videos };
            Write(PageKeeping.Answer(FactsOf(searches[search.Search.SearchId], withCoverage: true), searches[search.Search.SearchId].Payer, counts, now, options));
        }
    }

    private PlanningState StateOf(IReadOnlyList<AskedClause> asked)
    {
        var wanted = WaitingSearches.Wanted(asked);
        var clauses = asked.Select(each => each.Clause.ClauseId).ToHashSet(StringComparer.Ordinal);
        return PlanningState.Nothing with
        {
            Coverage = coverage.Where(each => clauses.Contains(each.Key)).ToDictionary(each => each.Key, IReadOnlyList<CoveredDay> (each) => [.. each.Value.Values], StringComparer.Ordinal),
            OpenSearches = searches.Values.Where(search => search.Status is not SearchStatus.Closed)
                .SelectMany(search => search.Search.Dated.Select(each => (each.Clause.ClauseId, Open: new OpenSearchDays(search.Search.SearchId, each.Days))))
                .Where(each => clauses.Contains(each.ClauseId))
                .GroupBy(each => each.ClauseId, StringComparer.Ordinal)
                .ToDictionary(each => each.Key, IReadOnlyList<OpenSearchDays> (each) => [.. each.Select(open => open.Open)], StringComparer.Ordinal),
            Merging = merging,
            Waiting = [.. searches.Values.Select(WaitingSearch.Of).OfType<WaitingSearch>().Where(search => wanted?.Keys.Contains(search.Key, StringComparer.Ordinal) is true)],
        };
    }

    private SearchFacts FactsOf(SearchRecord search, bool withCoverage = false) => new(search, [.. search.Collections.Select(id => collections[id])])
    {
        Coverage = coverage.Where(_ => withCoverage).ToDictionary(each => each.Key, IReadOnlyList<CoveredDay> (each) => [.. each.Value.Values], StringComparer.Ordinal),
        Merging = Merging(search.Search.Class),
        Asked = askings,
    };

    private static OpenSearch OpenOf(SearchRecord search) => new(search.Search, search.Checkpoint, search.Collections);

    private void Write(LabChange change)
    {
        foreach (var collection in change.Collections)
        {
            collections[collection.CollectionId] = collection;
        }

        foreach (var search in change.Searches)
        {
            searches[search.Search.SearchId] = search;
        }

        foreach (var search in change.NewSearches)
        {
            searches.TryAdd(search.Search.SearchId, search);
        }

        foreach (var known in change.Coverage)
        {
            if (!coverage.TryGetValue(known.ClauseId, out var days))
            {
                coverage.Add(known.ClauseId, days = []);
            }

            days[known.Day.Day] = known.Day;
        }

        if (change.Merging is { } learnt)
        {
            merging[learnt.Class] = learnt.Knowledge;
        }
    }
}
