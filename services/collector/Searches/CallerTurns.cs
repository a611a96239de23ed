using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>
/// What each caller of a lab has got on the present UTC day, as far as this collector delivered it. Kept in memory: a collector that starts anew shares out from
/// there on, and several share out what each of them delivers.
/// </summary>
internal sealed class CallerTurns(ICollectorStore store, IQuota quota)
{
    private static readonly TimeSpan WeightsAreGoodFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string LabId, string Caller), (DateOnly Day, CallerTurn Turn)> turns = new();
    private readonly ConcurrentDictionary<(string LabId, string CollectionId), (string Caller, IReadOnlySet<string> Clauses)> askers = new();
    private readonly ConcurrentDictionary<(string LabId, QuotaBucket Bucket), (DateTimeOffset At, IReadOnlyDictionary<string, double> Weights)> weights = new();

    /// <summary>The searches in the order in which they are tried (<see cref="Fairness"/>).</summary>
    public async Task<IReadOnlyList<OpenSearch>> OrderAsync(IReadOnlyList<OpenSearch> open, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var budget in open.GroupBy(each => (each.Search.LabId, each.Search.Bucket)).Where(budget => budget.Select(each => each.Search.Caller).Distinct(StringComparer.Ordinal).Skip(1).Any()))
        {
            await WeighAsync(budget.Key, now, cancellationToken);
        }

        return Fairness.Order(open, each => Of(each.Search, now), now);
    }

    /// <summary>A page came: everybody whose collections it serves pays for it (<see cref="Fairness.Parts"/>).</summary>
    public async Task ChargeAsync(string labId, IReadOnlyList<string> collections, long positions, Outcome outcome, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlySet<string>> wanted = new(StringComparer.Ordinal);
        foreach (var collectionId in collections)
        {
            var (caller, clauses) = await AskerAsync(labId, collectionId, cancellationToken);
            wanted[caller] = wanted.TryGetValue(caller, out var others) ? others.Concat(clauses).ToHashSet(StringComparer.Ordinal) : clauses;
        }

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        foreach (var (caller, part) in Fairness.Parts(positions, outcome, wanted))
        {
            turns.AddOrUpdate(
                (labId, caller),
                _ => (today, new(part, now)),
                (_, before) => (today, new((before.Day == today ? before.Turn.Positions : 0) + part, now)));
        }
    }

    /// <summary>What the caller of a search has got today, for each part that it gets.</summary>
    private CallerTurn Of(Search search, DateTimeOffset now)
    {
        var (day, turn) = turns.GetValueOrDefault((search.LabId, search.Caller));
        var weight = weights.TryGetValue((search.LabId, search.Bucket), out var known) ? known.Weights.GetValueOrDefault(search.Caller, 1) : 1;
        return turn with { Positions = day == DateOnly.FromDateTime(now.UtcDateTime) ? turn.Positions / weight : 0 };
    }

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

        var facts = await store.ReadFactsAsync(labId, collectionId, cancellationToken);
        var asker = (facts?.Collection.Caller ?? "", (IReadOnlySet<string>)(facts?.Asked ?? []).Select(asked => asked.Clause.ClauseId).ToHashSet(StringComparer.Ordinal));
        askers.TryAdd((labId, collectionId), asker);
        return asker;
    }
}
