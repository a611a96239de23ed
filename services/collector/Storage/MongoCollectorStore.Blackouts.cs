using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using static IssueObservatory.Mesh.Collector.MongoCollectorDocuments;
using static IssueObservatory.Mesh.Collector.MongoCollectorSchema;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// What is known of blackouts. A change belongs to one lab, so each lab keeps what its own pages say, together with them; whoever asks gets what all of them
/// say, and does not learn who said it.
/// </summary>
internal sealed partial class MongoCollectorStore
{
    private static readonly int[] Classes = [.. Enum.GetValues<ClauseClass>().Select(each => (int)each)];

    public Task<bool> TurnAsync(OpenSearch open, Turn turn, CancellationToken cancellationToken) =>
        store.WriteAsync(
            open.Search.LabId,
            async change =>
            {
                var labId = open.Search.LabId;
                if (await ReadSearchFactsAsync(change, labId, open.Search.SearchId, cancellationToken) is not { } facts)
                {
                    return false;
                }

                var (turned, decided) = PageKeeping.Turn(
                    facts with
                    {
                        Coverage = await ReadCoverageAsync(change, labId, facts.Search.Search.Clauses, cancellationToken),
                        Blackouts = turn.News is { } news ? await ReadOwnBlackoutsAsync(change, labId, news, cancellationToken) : facts.Blackouts,
                    },
                    open,
                    turn);
                await PutAsync(change, labId, decided, bodyParts: 0, cancellationToken);
                return turned;
            },
            cancellationToken);

    public Task<ClassBlackouts> ReadBlackoutsAsync(ClauseClass clauseClass, CancellationToken cancellationToken) =>
        store.ReadAsync(labId: "", lab => ReadBlackoutsAsync(lab, clauseClass, cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<CollectionRecord>> ListAwaitingLightAsync(CancellationToken cancellationToken)
    {
        List<CollectionRecord> awaiting = [];
        foreach (var labId in await store.ListLabsAsync(cancellationToken))
        {
            awaiting.AddRange(await store.ReadAsync(labId, lab => QueryAsync(lab, MongoCollectorQueries.AwaitingLight(labId), ReadCollection, cancellationToken), cancellationToken));
        }

        return [.. awaiting.OrderBy(collection => collection.CreatedAt).ThenBy(collection => collection.CollectionId, StringComparer.Ordinal)];
    }

    private static async Task<ClassBlackouts> ReadBlackoutsAsync(MongoReading lab, ClauseClass clauseClass, CancellationToken cancellationToken)
    {
        var years = await QueryAsync(lab, MongoCollectorQueries.BlackoutsOf((int)clauseClass), year => year, cancellationToken);
        var kept = await QueryAsync(lab, MongoCollectorQueries.ExplorationsOf([(int)clauseClass]), ReadExploration, cancellationToken);
        return ClassBlackouts.Of(years.SelectMany(KnownDaysOf), Exploration.Of(kept));
    }

    /// <summary>What the lab itself has found out of these days, with the exploration as all labs know it: what news of it is added to.</summary>
    private static async Task<ClassBlackouts> ReadOwnBlackoutsAsync(MongoReading lab, string labId, BlackoutNews news, CancellationToken cancellationToken)
    {
        List<KnownDay> own = [];
        foreach (var year in news.Days.SelectMany(each => Enumerable.Range(each.Days.From.Year, each.Days.To.Year - each.Days.From.Year + 1)).Distinct())
        {
            if (await lab.FindAsync(Blackouts, YearKey(labId, news.Class, year), cancellationToken) is { } known)
            {
                own.AddRange(KnownDaysOf(known));
            }
        }

        var kept = await QueryAsync(lab, MongoCollectorQueries.ExplorationsOf([(int)news.Class]), ReadExploration, cancellationToken);
        return ClassBlackouts.Of(own, Exploration.Of(kept));
    }

    /// <summary>Explorations of every class that go on.</summary>
    private static async Task<IReadOnlyList<Exploration>> ReadExplorationsAsync(MongoReading lab, CancellationToken cancellationToken) =>
    [
        .. (await QueryAsync(lab, MongoCollectorQueries.ExplorationsOf(Classes), ReadExploration, cancellationToken))
            .GroupBy(each => each.Class).Select(Exploration.Of).OfType<Exploration>(),
    ];

    private static async Task PutAsync(MongoChange change, string labId, BlackoutChange decided, CancellationToken cancellationToken)
    {
        foreach (var year in decided.Days.GroupBy(day => YearKey(labId, decided.Class, day.Day.Year), StringComparer.Ordinal))
        {
            change.Put(Blackouts, With(await change.FindAsync(Blackouts, year.Key, cancellationToken), year.Key, decided.Class, year));
        }

        if (decided.Exploration is { } exploration)
        {
            change.Put(Explorations, Of(labId, exploration));
        }
    }
}
