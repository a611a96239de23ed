using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What callers do with collections.</summary>
internal sealed class CollectionCommands(ICollectorStore store, IQuota quota, ICredentials credentials, ISubjects subjects, CollectionStates states, AwakeWork awake, Wakeups wakeups, CollectorOptions options, TimeProvider time)
{
    /// <summary>Starts a collection, or continues the one that the same request started before.</summary>
    public async Task<Submitted> SubmitAsync(string labId, string caller, string requestId, CollectionSpec? spec, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var read = await ReadAsync(labId, spec, now, cancellationToken);
        var collectionId = NewId(now);
        var asked = AskedBy(collectionId, read);
        var collection = Ripened(new CollectionRecord
        {
            LabId = labId,
            CollectionId = collectionId,
            Caller = caller,
            RequestId = ReadRequestId(requestId) ?? CollectionIds.RequestId(Fingerprint(read.Spec.Standing ? spec! : read.Spec)),
            Fingerprint = Fingerprint(spec ?? new()),
            Spec = read.Spec.ToString(),
            Priority = read.Spec.Priority,
            MaxResults = Math.Max(read.Spec.MaxResults, read.Spec.Sample),
            MaxUnits = read.Spec.MaxUnits,
            UnitsPerDay = read.Spec.UnitsPerDay,
            Bucket = read.Bucket,
            CreatedAt = now,
            IsStanding = read.Spec.Standing,
            Until = read.Spec.Standing ? Days.Day(read.Spec.Days.From).AddDays(-1) : null,
        });
        await credentials.PickAsync(labId, cancellationToken);
        var forecast = options.RefuseOverForecast ? await quota.GetForecastAsync(labId, cancellationToken) : null;
        var budget = await BudgetAsync(labId, cancellationToken);
        var askedNow = StandingDays.AskedNow(collection, asked);
        var history = await HistoryAsync(labId, askedNow, cancellationToken);
        awake.Wake(collection.CollectionId);
        var submitted = await store.SubmitAsync(collection, asked, read.Lists, Planned, cancellationToken);
        if (submitted.Existed)
        {
            submitted = submitted with { Collection = await ContinueAsync(submitted.Collection, requestId.Length > 0 ? collection.Fingerprint : submitted.Collection.Fingerprint, cancellationToken) };
            await states.AskAgainAsync(labId, submitted.Collection.CollectionId, cancellationToken);
        }

        await states.EvaluateAsync(labId, [submitted.Collection.CollectionId], cancellationToken);
        return submitted;

        Plan Planned(PlanningState state)
        {
            var plan = Plan(labId, read.Spec, now, askedNow, read.Lists, state, budget);
            if (forecast is not null)
            {
                RefreshRoom.Check(Estimates.VideoUnits(plan, history), forecast);
            }

            return plan with { Estimate = Estimates.Units(read, plan, history) };
        }
    }

    /// <summary>What a collection would ask, and what is known of its cost.</summary>
    public async Task<Foretold> EstimateAsync(string labId, CollectionSpec? spec, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var read = await ReadAsync(labId, spec, now, cancellationToken);
        read = read.Spec.Standing ? read with { Asked = StandingDays.Until(read.Asked, Planner.LastRipe(now, options)) } : read;
        var state = await store.ReadPlanningStateAsync(labId, read.Asked, read.Lists, cancellationToken);
        var plan = Plan(labId, read.Spec, now, read.Asked, read.Lists, state, await BudgetAsync(labId, cancellationToken));
        var history = await HistoryAsync(labId, read.Asked, cancellationToken);
        var forecast = await AskAsync<GetForecastResponse>(async () => await quota.GetForecastAsync(labId, cancellationToken));
        return new(read, plan, history, forecast, forecast is null ? null : RefreshRoom.Over(Estimates.VideoUnits(plan, history), forecast, options.RefuseOverForecast));
    }

    public Task PauseAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        MoveAsync(
            labId,
            collectionId,
            collection => collection.State switch
            {
                CollectionState.Paused => null,
                CollectionState.Running or CollectionState.WaitingForQuota or CollectionState.Failed => collection with { State = CollectionState.Paused, Failure = "", WaitingFor = "", WaitingUntil = null },
                _ => throw Forbidden(collection, "paused"),
            },
            cancellationToken);

    public async Task ResumeAsync(string labId, string collectionId, CancellationToken cancellationToken)
    {
        awake.Wake(collectionId);
        await ContinueAsync(
            labId,
            collectionId,
            collection => collection.State switch
            {
                CollectionState.Cancelled => throw Forbidden(collection, "resumed"),
                CollectionState.Paused or CollectionState.Failed => Running(collection),
                _ => null,
            },
            cancellationToken);
        await states.AskAgainAsync(labId, collectionId, cancellationToken);
        await states.EvaluateAsync(labId, [collectionId], cancellationToken);
    }

    /// <summary>Adds the days that have ripened to these standing collections of a lab, and asks for them as one.</summary>
    public async Task AddDaysAsync(string labId, IReadOnlyList<string> collectionIds, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var together = await store.PlanTogetherAsync(
            labId,
            collectionIds,
            collection => collection.DueAt <= now ? Ripened(collection) : null,
            (asking, state) => Planner.Decide(
                [.. asking.SelectMany(each => each.Asked)],
                [],
                state,
                Asker(labId, asking.Min(each => each.Collection.Priority), now) with { ReadsLate = true },
                options),
            cancellationToken);
        await states.EvaluateAsync(labId, together.Select(collection => collection.CollectionId), cancellationToken);
    }

    /// <summary>Changes what may be changed of a collection; one that had reached its limit goes on when it has room again.</summary>
    /// <exception cref="MeshException">NOT_FOUND, BAD_INPUT with every violation, STATE_FORBIDS.</exception>
    public async Task UpdateAsync(string labId, string collectionId, CollectionSpec? wanted, FieldMask? mask, CancellationToken cancellationToken)
    {
        var update = CollectionUpdate.Read(wanted, mask);
        var facts = await store.ReadFactsAsync(labId, collectionId, cancellationToken) ?? throw MeshException.NotFound($"Collection {collectionId}");
        var records = await states.CountAsync(facts, cancellationToken);
        await ContinueAsync(labId, collectionId, collection => update.Apply(collection, records, time.GetUtcNow()), cancellationToken);
        await states.EvaluateAsync(labId, [collectionId], cancellationToken);
    }

    /// <summary>Asks again for what a collection lacks and can be had now, or is worth a probe; it ends again when that is done.</summary>
    public async Task FillAsync(CollectionRecord gapped, CancellationToken cancellationToken)
    {
        awake.Wake(gapped.CollectionId);
        await ContinueAsync(gapped.LabId, gapped.CollectionId, collection => collection.AwaitsLight ? Running(collection) : null, cancellationToken);
        await states.EvaluateAsync(gapped.LabId, [gapped.CollectionId], cancellationToken);
    }

    public Task CancelAsync(string labId, string collectionId, CancellationToken cancellationToken) =>
        MoveAsync(
            labId,
            collectionId,
            collection => collection.State switch
            {
                CollectionState.Cancelled => null,
                CollectionState.Complete or CollectionState.CompleteWithGaps => throw Forbidden(collection, "cancelled"),
                _ => collection with { State = CollectionState.Cancelled, EndedAt = time.GetUtcNow(), WaitingFor = "", WaitingUntil = null },
            },
            cancellationToken);

    private async Task<CollectionRecord> ContinueAsync(CollectionRecord known, string fingerprint, CancellationToken cancellationToken)
    {
        if (!string.Equals(known.Fingerprint, fingerprint, StringComparison.Ordinal))
        {
            throw new MeshException(ErrorReason.RequestIdReused, "The request_id belongs to a collection with another spec; use a new one.")
            {
                Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["request_id"] = known.RequestId },
            };
        }

        if (known.State is CollectionState.Complete or CollectionState.Cancelled)
        {
            return known;
        }

        awake.Wake(known.CollectionId);
        return await ContinueAsync(
            known.LabId,
            known.CollectionId,
            collection => collection.State is CollectionState.Paused or CollectionState.Failed || collection is { State: CollectionState.CompleteWithGaps, LimitReached: false }
                ? Running(collection)
                : null,
            cancellationToken);
    }

    /// <summary>The lab's budget, which bounds probes; null while nobody can say: a collection is taken all the same.</summary>
    private Task<QuotaStatus?> BudgetAsync(string labId, CancellationToken cancellationToken) =>
        AskAsync(() => quota.GetAsync(labId, QuotaBucket.Research, cancellationToken));

    private Task<History> HistoryAsync(string labId, IReadOnlyList<AskedClause> asked, CancellationToken cancellationToken) =>
        store.ReadHistoryAsync(labId, History.Around(asked), cancellationToken);

    /// <summary>What the governor says; null while it cannot be reached.</summary>
    private static async Task<T?> AskAsync<T>(Func<Task<T?>> ask)
        where T : class
    {
        try
        {
            return await ask();
        }
        catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
        {
            return null;
        }
    }

    private async Task<CollectionRecord> ContinueAsync(string labId, string collectionId, Func<CollectionRecord, CollectionRecord?> change, CancellationToken cancellationToken)
    {
        var budget = await BudgetAsync(labId, cancellationToken);
        return await store.ContinueAsync(
            labId,
            collectionId,
            before => change(before) is { } after ? Ripened(after) : before.IsActive && Ripened(before) is var ripened && ripened != before ? ripened : null,
            (collection, asked, lists, state) => Plan(labId, CollectionSpec.Parser.ParseJson(collection.Spec), collection.CreatedAt, asked, lists, state, budget),
            cancellationToken)
            ?? throw MeshException.NotFound($"Collection {collectionId}");
    }

    private async Task MoveAsync(string labId, string collectionId, Func<CollectionRecord, CollectionRecord?> move, CancellationToken cancellationToken)
    {
        _ = await store.ChangeAsync(labId, collectionId, move, cancellationToken) ?? throw MeshException.NotFound($"Collection {collectionId}");
        wakeups.Wake();
    }

    /// <summary>What a spec means; what it asks of another collection's records is fixed now.</summary>
    private async Task<ReadSpec> ReadAsync(string labId, CollectionSpec? spec, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var isOf = spec is { OfCollectionId.Length: > 0, List: ApiEndpoint.Comments or ApiEndpoint.UserInfo };
        var of = isOf ? await store.ReadFactsAsync(labId, spec!.OfCollectionId, cancellationToken) : null;
        var read = SpecReader.Read(spec, now, options, of is null ? null : await subjects.ListAsync(labId, RecordViews.Of(of), spec!.List, cancellationToken));
        Samples.Check(read, options);
        return read;
    }

    /// <summary>What each sample asks is its own question: it neither counts for another nor takes another's records.</summary>
    private static IReadOnlyList<AskedClause> AskedBy(string collectionId, ReadSpec read) =>
        read.Spec.Sample == 0 ? read.Asked : [.. read.Asked.Select(asked => asked with { Clause = ClauseIds.Identify(asked.Clause, drawnBy: collectionId) })];

    private Plan Plan(string labId, CollectionSpec spec, DateTimeOffset since, IReadOnlyList<AskedClause> asked, IReadOnlyList<ListKey> lists, PlanningState state, QuotaStatus? budget)
    {
        var now = time.GetUtcNow();
        var asker = Asker(labId, spec.Priority, now) with { Since = since, ReadsLate = spec.Standing, DailyRequests = budget?.Limit ?? 0 };
        return Samples.Share(Planner.Decide(asked, lists, state, asker, options), asked, spec.Sample);
    }

    private static Planner.Asker Asker(string labId, Priority priority, DateTimeOffset now) =>
        new(labId, priority, Activity.Current?.Id ?? "", now, () => Guid.CreateVersion7(now).ToString("N"));

    private CollectionRecord Ripened(CollectionRecord collection) => StandingDays.Advance(collection, time.GetUtcNow(), options);

    private static CollectionRecord Running(CollectionRecord collection) =>
        collection with { State = CollectionState.Running, Failure = "", EndedAt = null, WaitingFor = "", WaitingUntil = null };

    /// <summary>What its state does not allow.</summary>
    public static MeshException Forbidden(CollectionRecord collection, string verb) =>
        new(ErrorReason.StateForbids, $"Collection {collection.CollectionId} is {CollectionReports.Name(collection.State)} and cannot be {verb}.")
        {
            Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["state"] = CollectionReports.Name(collection.State) },
        };

    /// <summary>
    /// What a spec asks for; how urgent it is makes no difference, nor does the order of its inputs. Kept of the spec as it was given, so that a
    /// request that left its days out and is repeated after midnight is still the same.
    /// </summary>
    private static string Fingerprint(CollectionSpec spec)
    {
        var canonical = spec.Clone();
        canonical.Priority = Priority.Unspecified;
        foreach (var list in new[] { canonical.Terms, canonical.Actors, canonical.Videos, canonical.Languages, canonical.PublicFigureIds, canonical.Subjects })
        {
            var sorted = list.Order(StringComparer.Ordinal).ToArray();
            list.Clear();
            list.Add(sorted);
        }

        var labels = string.Join('\u001f', canonical.Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
        canonical.Labels.Clear();
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{canonical}{labels}")));
    }

    internal static string? ReadRequestId(string requestId) =>
        requestId.Length == 0 ? null
        : Guid.TryParse(requestId, out var id) ? id.ToString()
        : throw MeshException.BadInput("request_id", "request_id must be a UUID, or left out");

    /// <summary>Twenty hex characters, in order of time: short enough to type.</summary>
    private static string NewId(DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now).ToString("N");
        return string.Concat(id.AsSpan(0, 12), id.AsSpan(24, 8));
    }
}

/// <summary>What a collection would ask, and what is known of its cost.</summary>
/// <param name="Spec">As it was read.</param>
/// <param name="Plan">Its searches.</param>
/// <param name="History">What was counted of its clauses.</param>
/// <param name="Forecast">What refreshes need of the coming days; null while the governor cannot be reached.</param>
/// <param name="Overload">That its videos could not be read again in time; null when they could, or when nobody can say.</param>
internal sealed record Foretold(ReadSpec Spec, Plan Plan, History History, GetForecastResponse? Forecast, RefreshOverload? Overload);
