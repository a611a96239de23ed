using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>How far a collection is: pure, from its facts. A calendar day is a gap as soon as one clause misses it, complete once all have it.</summary>
internal sealed record Progress
{
    public required long Complete { get; init; }

    public required long Gap { get; init; }

    public required long Pending { get; init; }

    /// <summary>Of the complete days, those that may lack videos all the same.</summary>
    public required long Doubtful { get; init; }

    public required IReadOnlyList<Gap> Gaps { get; init; }

    public required IReadOnlyList<InputResult> Inputs { get; init; }

    public static Progress Of(CollectionFacts facts)
    {
        var spans = Spans(facts);
        var byInput = spans.ToLookup(span => span.Asked.Input, StringComparer.Ordinal);
        var days = new SortedDictionary<DateOnly, CoverageState>();
        foreach (var span in spans.Where(span => !span.Asked.IsList))
        {
            foreach (var day in span.Days.Each())
            {
                days[day] = Worse(days.GetValueOrDefault(day), span.State);
            }
        }

        return new()
        {
            Complete = days.Values.LongCount(state => state is CoverageState.Complete),
            Gap = days.Values.LongCount(state => state is CoverageState.Gap),
            Pending = days.Values.LongCount(state => state is CoverageState.Pending),
            Doubtful = spans.Where(span => span.IsDoubtful).SelectMany(span => span.Days.Each()).Distinct().LongCount(day => days[day] is CoverageState.Complete),
            Gaps = GapsOf(spans),
            Inputs = [.. facts.Asked.GroupBy(asked => asked.Input, StringComparer.Ordinal).Select(input => Result(input.Key, [.. input], facts, byInput))],
        };
    }

    /// <summary>The state that follows; null when nothing changes by itself. At a limit the rest is not waited for, but what is paid for is.</summary>
    public static CollectionState? Next(CollectionFacts facts, Progress progress) =>
        facts.Collection.State is not (CollectionState.Running or CollectionState.WaitingForQuota)
        || facts.Collection is { IsStanding: true, LimitReached: false }
        || progress.Pending > 0
        || (facts.Collection.LimitReached ? facts.Unsettled : facts.OpenSearches) > 0
            ? null
            : progress.Gaps.Count > 0 ? CollectionState.CompleteWithGaps : CollectionState.Complete;

    /// <summary>Per clause, in order of days, neighbours in the same state joined; a list is one span.</summary>
    /// <param name="facts">Of the collection.</param>
    /// <param name="fine">Whether days without a video, and days of which some came, stand apart from the others.</param>
    public static IReadOnlyList<Span> Spans(CollectionFacts facts, bool fine = false)
    {
        List<Span> spans = [];
        foreach (var asked in facts.Asked)
        {
            if (asked.IsList)
            {
                spans.Add(ListProgress.SpanOf(asked, facts));
                continue;
            }

            var known = facts.Coverage.GetValueOrDefault(asked.Clause.ClauseId, []).Where(day => asked.Days.Contains(day.Day)).ToDictionary(day => day.Day);
            var open = facts.Collection is { HasEnded: false, LimitReached: false } ? facts.OpenDays.GetValueOrDefault(asked.Clause.ClauseId, []) : [];
            Span? current = null;
            foreach (var day in asked.Days.Each())
            {
                var fact = known.GetValueOrDefault(day);
                var span = SpanOf(asked, day, fact?.State is CoverageState.Gap && open.Any(days => days.Contains(day)) ? null : fact, facts.Collection);
                if (current is not null && current.State == span.State && current.Reason == span.Reason && current.IsDoubtful == span.IsDoubtful && (!fine || current.Seen == span.Seen))
                {
                    current = current with { Days = current.Days with { To = day }, Videos = current.Videos + span.Videos, LogIds = [.. current.LogIds.Union(span.LogIds, StringComparer.Ordinal)], Detail = current.Detail.Length > 0 ? current.Detail : span.Detail };
                    continue;
                }

                if (current is not null)
                {
                    spans.Add(current);
                }

                current = span;
            }

            if (current is not null)
            {
                spans.Add(current);
            }
        }

        return spans;
    }

    private static Span SpanOf(AskedClause asked, DateOnly day, CoveredDay? known, CollectionRecord collection) => known switch
    {
        _ when collection.LimitedDays.Any(days => days.Contains(day)) => new(asked, new(day, day), CoverageState.Gap, GapReason.LimitReached, "", []),
        { State: CoverageState.Complete } => new(asked, new(day, day), CoverageState.Complete, GapReason.Unspecified, "", []) { IsDoubtful = DayCoverage.IsDoubtful(known), Seen = DayCoverage.StateOf(known), Videos = known.Videos },
        { State: CoverageState.Gap } gap => new(asked, new(day, day), CoverageState.Gap, gap.Reason, gap.Detail, gap.LogId.Length > 0 ? [gap.LogId] : []) { Seen = DayCoverage.StateOf(gap) },
        _ when collection.LimitReached => new(asked, new(day, day), CoverageState.Gap, GapReason.LimitReached, "", []),
        _ => new(asked, new(day, day), CoverageState.Pending, GapReason.Unspecified, "", []),
    };

    /// <summary>Inputs that miss the same days for the same reason are one gap; lists miss no days.</summary>
    private static IReadOnlyList<Gap> GapsOf(IReadOnlyList<Span> spans) =>
    [
        .. from span in spans
           where span.State is CoverageState.Gap
           group span by (span.Days, span.Reason, span.Asked.Clause.Class) into same
           orderby same.Key.Days.From, same.Key.Days.To
           select new Gap
           {
               Days = same.Key.Class is ClauseClass.List ? new() : same.Key.Days.ToRange(),
               Reason = same.Key.Reason,
               Class = same.Key.Class,
               Clauses = { same.Select(span => span.Asked.Input).Distinct(StringComparer.Ordinal) },
               LogIds = { same.SelectMany(span => span.LogIds).Distinct(StringComparer.Ordinal).Take(20) },
           },
    ];

    private static InputResult Result(string input, IReadOnlyList<AskedClause> asked, CollectionFacts facts, ILookup<string, Span> spans)
    {
        if (asked[0].IsList)
        {
            return ListProgress.ResultOf(asked[0], facts);
        }

        var own = spans[input].ToList();
        var profile = asked.Select(clause => clause.Clause.Username).Where(name => name.Length > 0)
            .Select(name => facts.Lists.GetValueOrDefault(ListKey.Profile(name))?.Last)
            .FirstOrDefault(last => last is { Result: ListResult.Refused })?.Reason ?? "";
        var refusal = own.Select(span => span.Detail).FirstOrDefault(detail => detail is "invalid_params" or "user_not_found" or "user_not_returned" or Walker.AccountFails) ?? "";
        return (own, Records: asked.Sum(clause => facts.Collection.RecordsByClause.GetValueOrDefault(clause.Clause.ClauseId))) switch
        {
            { Records: > 0 } => new() { Input = input, Result = InputOutcome.Ok },
            _ when !facts.Collection.HasEnded && own.Any(span => span.State is CoverageState.Pending) => new() { Input = input, Result = InputOutcome.Pending },
            _ when refusal.Length > 0 => new() { Input = input, Result = InputOutcome.Refused, Reason = refusal },
            _ when profile.Length > 0 => new() { Input = input, Result = InputOutcome.Refused, Reason = profile },
            // How many records there are is counted at the end; who was cancelled never got there.
            _ when !facts.Collection.HasEnded || facts.Collection.State is CollectionState.Cancelled => new() { Input = input, Result = InputOutcome.Pending },
            _ => new() { Input = input, Result = InputOutcome.Empty, Reason = own.Any(span => span.State is not CoverageState.Complete) ? "days are missing" : "" },
        };
    }

    private static CoverageState Worse(CoverageState one, CoverageState other) =>
        one is CoverageState.Pending || other is CoverageState.Pending ? CoverageState.Pending
        : one is CoverageState.Gap || other is CoverageState.Gap ? CoverageState.Gap
        : CoverageState.Complete;
}

/// <summary>A stretch of days of one clause in one state.</summary>
internal sealed record Span(AskedClause Asked, Days Days, CoverageState State, GapReason Reason, string Detail, IReadOnlyList<string> LogIds)
{
    /// <summary>Whether videos may be missing although it is complete.</summary>
    public bool IsDoubtful { get; init; }

    /// <summary>The state as callers see it.</summary>
    public CoverageState Seen { get; init; } = State;

    /// <summary>How many videos of the clause they brought; null when that is not known of each of them.</summary>
    public long? Videos { get; init; }
}
