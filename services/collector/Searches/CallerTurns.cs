using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>Puts searches in the order of their callers' turns, and notes who got what (<see cref="LabTurns"/>).</summary>
internal sealed class CallerTurns(ICollectorStore store, IQuota quota)
{
    /// <summary>Askers that are remembered: those of the last few pages.</summary>
    private const int MostAskers = 64;

    private static readonly TimeSpan WeightsAreGoodFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string LabId, string CollectionId), (string Caller, IReadOnlySet<string> Clauses)> askers = new();
    private readonly ConcurrentDictionary<(string LabId, QuotaBucket Bucket), (DateTimeOffset At, IReadOnlyDictionary<string, double> Weights)> weights = new();

    /// <summary>The searches in the order in which they are tried (<see cref="Fairness"/>).</summary>
    public async Task<IReadOnlyList<OpenSearch>> OrderAsync(IReadOnlyList<OpenSearch> open, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var budget in open.GroupBy(each => (each.Search.LabId, each.Search.Bucket)).Where(budget => budget.Select(each => each.Caller).Distinct(StringComparer.Ordinal).Skip(1).Any()))
        {
            await WeighAsync(budget.Key, now, cancellationToken);
        }

        Dictionary<string, LabTurns> turns = new(StringComparer.Ordinal);
        foreach (var labId in open.Select(each => each.Search.LabId).Distinct(StringComparer.Ordinal))
        {
            turns[labId] = await store.ReadTurnsAsync(labId, cancellationToken);
        }

        return Fairness.Order(open, each => Weighed(turns[each.Search.LabId].Of(each.Caller, now), each.Search), now);
    }

    /// <summary>
    /// A page came: everybody whose collections it serves pays for it (<see cref="Fairness.Parts"/>). When this is lost, because the process died, one page is
    /// missing in the shares of that day.
    /// </summary>
    public async Task ChargeAsync(string labId, IReadOnlyList<string> collections, long positions, Outcome outcome, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlySet<string>> wanted = new(StringComparer.Ordinal);
        foreach (var collectionId in collections)
        {
            var (caller, clauses) = await AskerAsync(labId, collectionId, cancellationToken);
            wanted[caller] = wanted.TryGetValue(caller, out var others) ? others.Concat(clauses).ToHashSet(StringComparer.Ordinal) : clauses;
        }

        if (wanted.Count > 0)
        {
            var parts = Fairness.Parts(positions, outcome, wanted);
            await store.ChangeTurnsAsync(labId, known => known.With(parts, now), cancellationToken);
        }
    }

    private CallerTurn Weighed(CallerTurn turn, Search search) =>
        weights.TryGetValue((search.LabId, search.Bucket), out var known) ? turn with { Positions = turn.Positions / known.Weights.GetValueOrDefault(turn.Caller, 1) } : turn;

    /// <summary>Without the governor nothing is sent anyway: what was known stays.</summary>
    private async Task WeighAsync((string LabId, QuotaBucket Bucket) budget, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (weights.TryGetValue(budget, out var known) && now - known.At < WeightsAreGoodFor)
        {
            return;
        }

        try
        {
            var policy = (await quota.GetAsync(budget.LabId, budget.Bucket, cancellationToken))?.Policy;
            weights[budget] = (now, new Dictionary<string, double>(policy?.CallerWeights ?? [], StringComparer.Ordinal));
        }
        catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
        {
        }
    }

    /// <summary>What a collection asks for never changes but for its days.</summary>
    private async Task<(string Caller, IReadOnlySet<string> Clauses)> AskerAsync(string labId, string collectionId, CancellationToken cancellationToken)
    {
        if (askers.TryGetValue((labId, collectionId), out var known))
        {
            return known;
        }

        if (askers.Count >= MostAskers)
        {
            askers.Clear();
        }

        var facts = await store.ReadFactsAsync(labId, collectionId, cancellationToken);
        return askers[(labId, collectionId)] = (facts?.Collection.Caller ?? "", (facts?.Asked ?? []).Select(asked => asked.Clause.ClauseId).ToHashSet(StringComparer.Ordinal));
    }
}
