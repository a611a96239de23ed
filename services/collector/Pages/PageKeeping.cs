using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>What follows from a page that is kept, and from the normalizer's answer to it: pure, from the search as it is kept.</summary>
internal static class PageKeeping
{
    /// <summary>Whether the decision looks at <see cref="SearchFacts.Coverage"/>.</summary>
    public static bool NeedsCoverage(Step step) => step is Step.Finished { Missing: not null } or Step.Finished { Dark.Count: > 0 };

    /// <summary>Of which days of its clauses the decision about this answer looks at <see cref="SearchFacts.Coverage"/>, and at <see cref="SearchFacts.Merging"/>; null when at none.</summary>
    public static Days? Recalls(SearchFacts facts, string payer, PageCounts counts)
    {
        var answered = Answered(facts, payer, counts);
        return answered is not { Search.Kind: SearchKind.Videos, Status: SearchStatus.Drained, Unanswered.Count: 0 } ? null
            : answered.Brought is { Items: 0 } ? new(answered.Search.Window.From.AddDays(-SilentZeros.Horizon), answered.Search.Window.To.AddDays(SilentZeros.Horizon))
            : answered.Search.Window;
    }

    /// <summary>Whether a check of the local match may follow this answer: then the decision looks at everything of <see cref="SearchFacts"/>.</summary>
    public static bool MayBeChecked(SearchFacts facts, string payer, PageCounts counts, CollectorOptions options) => TwinChecks.MayFollow(Answered(facts, payer, counts), options);

    /// <summary>A page that nobody waits for any more is kept and moves nothing. Returns the collections that it concerns.</summary>
    public static (IReadOnlyList<string> Concerned, LabChange Change) Keep(SearchFacts facts, OpenSearch open, RawPage page, Outcome outcome, Step step)
    {
        var isAwaited = facts.Search.IsInFlight(open);
        var kept = new KeptPage(page, outcome.VideoIds, facts.Search.Payer) { Incident = Incidents.Of(outcome, isAwaited ? step : null) };
        var search = page.Normalized ? facts.Search : facts.Search.Awaiting(kept.Payer, 1) with { Brought = facts.Search.Brought ?? new() { Since = page.FetchedAt } };
        if (!isAwaited)
        {
            return ([], new() { Page = kept, Searches = [search] });
        }

        var ok = outcome.Class is ApiErrorClass.Ok ? 1 : 0;
        var collections = facts.Collections.ToDictionary(collection => collection.CollectionId, StringComparer.Ordinal);
        if (collections.GetValueOrDefault(kept.Payer) is { } payer)
        {
            collections[kept.Payer] = payer with { Ok = payer.Ok + ok, Failed = payer.Failed + 1 - ok };
        }

        var change = step switch
        {
            Step.GoOn next => new LabChange { Searches = [search with { Checkpoint = next.Next with { Untold = open.Checkpoint.Untold } }] },
            Step.ListEnded ended => End(facts with { Search = search }, open.Checkpoint.Untold, outcome, ended, page.FetchedAt),
            Step.Stopped stopped => Stop(search with { Checkpoint = stopped.Next with { Untold = open.Checkpoint.Untold } }, collections, stopped.Failure),
            Step.Finished finished => Finish(facts with { Search = search }, open.Checkpoint.Untold, outcome, finished),
            _ => throw new InvalidOperationException($"Nothing is known to follow from {step.GetType().Name}."),
        };
        return (facts.Search.Collections, change with
        {
            Page = kept,
            Collections = Changed(facts, collections),
            Blackouts = step.News?.Apply(facts.Blackouts),
            Merging = MergeLearning.Of(facts, open, outcome, step),
        });
    }

    /// <summary>
    /// What follows from what is known, without a request: a search that stands at its beginning ends, in gaps and in others that take over; null: it stays.
    /// Nothing happens when it has moved meanwhile, or when somebody else moved the exploration that it was to carry on.
    /// </summary>
    public static (bool Turned, LabChange Change) Turn(SearchFacts facts, OpenSearch open, Turn turn)
    {
        var blackouts = turn.News?.Apply(facts.Blackouts);
        return !facts.Search.IsUnmoved(open) || (turn.News?.Exploration is not null && blackouts?.Exploration is null)
            ? (false, LabChange.None)
            : (true, (turn.Step is { } step ? Finish(facts, open.Checkpoint.Untold, new() { Class = ApiErrorClass.Ok }, step) : LabChange.None) with { Blackouts = blackouts });
    }

    /// <summary>
    /// The normalizer has answered: the counts go to whoever paid, and a finished search without a page left has covered its days. One that brought nothing
    /// although it should have leaves them to another.
    /// </summary>
    public static LabChange Answer(SearchFacts facts, string payer, PageCounts counts, DateTimeOffset now, CollectorOptions options)
    {
        var answered = Answered(facts, payer, counts);
        var closed = answered is { Status: SearchStatus.Drained, Unanswered.Count: 0 } && SilentZeros.Reread(answered, facts.Coverage, now, facts.Merging.WindowDays(options)) is { } again
            ? new()
            {
                Searches = [answered with { Status = SearchStatus.Closed }],
                NewSearches = [new() { Search = again, Collections = answered.Collections, Checkpoint = Checkpoint.Start with { NotBefore = now + options.ConfirmPause } }],
            }
            : Close(answered, facts.Coverage);
        if (TwinChecks.Plan(answered, facts, now, options) is { } check)
        {
            closed = closed with { NewSearches = [.. closed.NewSearches, check], Merging = new(answered.Search.Class, facts.Merging with { CheckedAt = now }) };
        }

        return closed with
        {
            Collections =
            [
                .. facts.Named([payer]).Select(collection => collection.Changed(collection with
                {
                    Received = collection.Received + counts.Received,
                    New = collection.New + counts.New,
                    Updated = collection.Updated + counts.Updated,
                    Unattributed = collection.Unattributed + counts.Unattributed,
                    Quarantined = collection.Quarantined + counts.Quarantined,
                })),
            ],
        };
    }

    private static SearchRecord Answered(SearchFacts facts, string payer, PageCounts counts) =>
        facts.Search.Awaiting(payer, -1) with { Brought = facts.Search.Brought?.With(counts) };

    private static LabChange Stop(SearchRecord search, Dictionary<string, CollectionRecord> collections, string failure)
    {
        foreach (var waiting in collections.Values.Where(collection => collection.IsActive).ToList())
        {
            collections[waiting.CollectionId] = waiting with { State = CollectionState.Failed, Failure = failure, WaitingFor = "", WaitingUntil = null };
        }

        return new() { Searches = [search] };
    }

    private static LabChange End(SearchFacts facts, UntoldGrant? untold, Outcome outcome, Step.ListEnded ended, DateTimeOffset now) =>
        Close(facts.Search with { Status = SearchStatus.Drained, Checkpoint = facts.Search.Checkpoint with { InFlightGrant = "", Untold = untold }, Answered = ended.Result is not ListResult.Failed }, facts.Coverage) with
        {
            List = new()
            {
                List = facts.Search.Search.List,
                Result = ended.Result,
                Reason = ended.Reason,
                Items = ended.Items,
                IsCut = ended.IsCut,
                LogId = outcome.LogId,
                ReadAt = now,
            },
        };

    private static LabChange Finish(SearchFacts facts, UntoldGrant? untold, Outcome outcome, Step.Finished finished)
    {
        var drained = facts.Search with
        {
            Status = SearchStatus.Drained,
            Checkpoint = facts.Search.Checkpoint with { InFlightGrant = "", Untold = untold, DoubtfulTo = finished.DoubtfulTo ?? facts.Search.Checkpoint.DoubtfulTo, Failure = finished.Missing?.Detail ?? "" },
            Answered = finished.Missing is null && finished.Dark.Count == 0,
            Covered = finished.Covered,
        };
        var closed = Close(drained, facts.Coverage);
        return closed with
        {
            NewSearches = [.. finished.Successors.Select(successor => new SearchRecord { Search = successor, Collections = drained.Collections })],
            Coverage =
            [
                .. Gaps(facts, finished.Missing, outcome.LogId, PartialDay(facts.Search, outcome, finished.Missing)),
                .. finished.Dark.SelectMany(dark => Gaps(facts, dark.Missing, dark.LogId)),
                .. closed.Coverage,
            ],
        };
    }

    /// <summary>Results come newest first, so what was lost is the rest of the day that it had come to, and all before it.</summary>
    private static DateOnly? PartialDay(SearchRecord search, Outcome outcome, MissingDays? missing) =>
        missing is not null && ((search.Checkpoint.OldestDay ?? outcome.OldestDay) is not null || search.Search.Restarts > 0) ? missing.Days.To : null;

    private static IEnumerable<ClauseDay> Gaps(SearchFacts facts, MissingDays? missing, string logId, DateOnly? partial = null) =>
        from each in facts.Search.Search.Clauses
        let days = missing is null ? null : each.Days.Intersect(missing.Days)
        where days is not null
        from gap in DayCoverage.Gaps(each.Clause.ClauseId, missing! with { Days = days.Value }, logId, facts.Search.Search.SearchId, facts.Coverage, partial)
        select gap;

    /// <summary>A finished search whose pages have all become records has covered its days.</summary>
    private static LabChange Close(SearchRecord search, IReadOnlyDictionary<string, IReadOnlyList<CoveredDay>> known) =>
        search.Status is not SearchStatus.Drained || search.Unanswered.Count > 0
            ? new() { Searches = [search] }
            : new()
            {
                Searches = [search with { Status = SearchStatus.Closed }],
                Coverage =
                [
                    .. from each in search.Search.Clauses
                       let days = search.Covered is { } covered ? each.Days.Intersect(covered) : null
                       where days is not null
                       from day in DayCoverage.Complete(each.Clause.ClauseId, days.Value, search, known)
                       select day,
                ],
            };

    private static IReadOnlyList<CollectionRecord> Changed(SearchFacts facts, Dictionary<string, CollectionRecord> after) =>
        [.. facts.Collections.Where(before => after[before.CollectionId] != before).Select(before => before.Changed(after[before.CollectionId]))];
}
