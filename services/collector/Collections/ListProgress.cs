using System.Globalization;
using IssueObservatory.Mesh.V1;

namespace IssueObservatory.Mesh.Collector;

/// <summary>How far the lists of a collection are: pure, from its facts. A refusal is an answer; only a list that was not read to its end is missing.</summary>
internal static class ListProgress
{
    private const string LimitReached = "limit_reached";

    /// <summary>A list as one span, without days of its own.</summary>
    public static Span SpanOf(AskedClause asked, CollectionFacts facts)
    {
        var last = LastOf(asked, facts);
        return StateOf(asked, facts) switch
        {
            InputOutcome.Pending => new(asked, asked.Days, CoverageState.Pending, GapReason.Unspecified, "", []),
            InputOutcome.Failed => new(asked, asked.Days, CoverageState.Gap, last is null ? GapReason.LimitReached : GapReason.Failed, last?.Reason ?? "", last is { LogId.Length: > 0 } ? [last.LogId] : []),
            _ => new(asked, asked.Days, CoverageState.Complete, GapReason.Unspecified, "", []),
        };
    }

    /// <summary>What a list gave.</summary>
    public static InputResult ResultOf(AskedClause asked, CollectionFacts facts)
    {
        var state = StateOf(asked, facts);
        return new() { Input = asked.Input, Result = state, Reason = ReasonOf(state, LastOf(asked, facts), asked) };
    }

    private static InputOutcome StateOf(AskedClause asked, CollectionFacts facts) => (facts.Lists.GetValueOrDefault(asked.List), LastOf(asked, facts)) switch
    {
        ({ OpenSearch.Length: > 0 }, _) when facts.Collection is { HasEnded: false, LimitReached: false } => InputOutcome.Pending,
        (_, { Result: ListResult.Refused }) => InputOutcome.Refused,
        // Who is complete had it; that another reading of it failed later takes nothing away.
        (_, { Result: ListResult.Failed }) when facts.Collection.State is not CollectionState.Complete => InputOutcome.Failed,
        (_, { Items: 0 }) when asked.Clause.Endpoint is not ApiEndpoint.Playlist => InputOutcome.Empty,
        (_, { }) => InputOutcome.Ok,
        _ when facts.Collection.LimitReached => InputOutcome.Failed,
        _ => InputOutcome.Pending,
    };

    /// <summary>At a limit, a list that is still being read has not been read.</summary>
    private static ListRead? LastOf(AskedClause asked, CollectionFacts facts) =>
        facts.Lists.GetValueOrDefault(asked.List) is { } fact && !(facts.Collection.LimitReached && fact.OpenSearch.Length > 0) ? fact.Last : null;

    private static string ReasonOf(InputOutcome state, ListRead? last, AskedClause asked) => state switch
    {
        InputOutcome.Refused => last!.Reason,
        InputOutcome.Failed when last is null => LimitReached,
        InputOutcome.Failed => string.Create(CultureInfo.InvariantCulture, $"{last!.Reason} after {last.Items:N0} items"),
        InputOutcome.Ok when last!.IsCut => string.Create(CultureInfo.InvariantCulture, $"the first {asked.Clause.Endpoint.Api().Reach:N0}"),
        _ => "",
    };
}
