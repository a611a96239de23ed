using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class ProgressTests
{
    private static readonly DaysOf Week = Days("2026-01-01", "2026-01-07");

    [Fact]
    public void A_day_is_complete_once_all_clauses_have_it_and_a_gap_as_soon_as_one_misses_it()
    {
        var facts = Facts([Asked(Tag("a"), Week), Asked(Tag("b"), Week)], (Tag("a"), Complete(1, 5)), (Tag("a"), Gap(6, 6)), (Tag("b"), Complete(1, 4)), (Tag("b"), Gap(5, 6)));

        var progress = Progress.Of(facts);

        (progress.Complete, progress.Gap, progress.Pending).ShouldBe((4, 2, 1));
        Progress.Next(facts, progress).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, false, CollectionState.Complete)]
    [InlineData(1, false, null)]
    [InlineData(1, true, CollectionState.Complete)]
    public void A_collection_is_complete_when_no_search_of_it_is_open(int openSearches, bool limitReached, CollectionState? expected)
    {
        var facts = Facts([Asked(Tag("a"), Week)], (Tag("a"), Complete(1, 7)));
        facts = facts with { OpenSearches = openSearches, Collection = facts.Collection with { LimitReached = limitReached } };

        Progress.Next(facts, Progress.Of(facts)).ShouldBe(expected);
    }

    [Fact]
    public void At_a_limit_what_is_paid_for_is_waited_for_and_the_rest_is_a_gap()
    {
        var facts = Facts([Asked(Tag("a"), Week)], (Tag("a"), Complete(1, 3))) with { OpenSearches = 2, Unsettled = 1 };
        facts = facts with { Collection = facts.Collection with { LimitReached = true } };

        Progress.Next(facts, Progress.Of(facts)).ShouldBeNull();
        facts = facts with { Unsettled = 0 };
        Progress.Next(facts, Progress.Of(facts)).ShouldBe(CollectionState.CompleteWithGaps);
        Progress.Of(facts).Gaps.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            gap => gap.Reason.ShouldBe(GapReason.LimitReached),
            gap => gap.Days.ShouldBe(Days("2026-01-04", "2026-01-07").ToRange()));
    }

    [Theory]
    [InlineData(CollectionState.Running, CollectionState.CompleteWithGaps)]
    [InlineData(CollectionState.WaitingForQuota, CollectionState.CompleteWithGaps)]
    [InlineData(CollectionState.Paused, null)]
    [InlineData(CollectionState.Failed, null)]
    [InlineData(CollectionState.Cancelled, null)]
    [InlineData(CollectionState.Complete, null)]
    public void Only_what_runs_ends_by_itself(CollectionState state, CollectionState? expected)
    {
        var facts = Facts([Asked(Tag("a"), Week)], (Tag("a"), Gap(1, 7)));
        facts = facts with { Collection = facts.Collection with { State = state } };

        Progress.Next(facts, Progress.Of(facts)).ShouldBe(expected);
    }

    [Fact]
    public void A_gap_that_is_asked_for_again_is_pending_and_a_gap_again_for_a_collection_that_has_ended()
    {
        var facts = Facts([Asked(Tag("a"), Week)], (Tag("a"), Complete(1, 5)), (Tag("a"), Gap(6, 7))) with
        {
            OpenSearches = 1,
            OpenDays = new Dictionary<string, IReadOnlyList<DaysOf>> { [Tag("a").ClauseId] = [Days("2026-01-05", "2026-01-06")] },
        };

        var running = Progress.Of(facts);
        (running.Complete, running.Gap, running.Pending).ShouldBe((5, 1, 1));
        var ended = Progress.Of(facts with { Collection = facts.Collection with { State = CollectionState.CompleteWithGaps } });
        (ended.Complete, ended.Gap, ended.Pending).ShouldBe((5, 2, 0));
    }

    [Fact]
    public void Inputs_that_miss_the_same_days_for_the_same_reason_are_one_gap()
    {
        var facts = Facts([Asked(Tag("a"), Week, "#a"), Asked(Tag("b"), Week, "#b"), Asked(Word("x"), Week, "x")], (Tag("a"), Gap(2, 3)), (Tag("b"), Gap(2, 3)), (Word("x"), Gap(2, 3)));

        var gaps = Progress.Of(facts).Gaps;

        gaps.Count.ShouldBe(2);
        gaps.Single(gap => gap.Class is ClauseClass.Hashtag).Clauses.ShouldBe(["#a", "#b"]);
        gaps.ShouldAllBe(gap => gap.LogIds.Count == 1 && gap.Days.From == "2026-01-02" && gap.Days.To == "2026-01-03");
    }

    [Fact]
    public void Every_input_says_what_it_gave()
    {
        CoveredDay[] refused = [.. Gap(1, 7).Select(day => day with { Reason = GapReason.Failed, Detail = "user_not_found" })];
        var facts = Facts(
            [Asked(Tag("a"), Week, "#a"), Asked(Tag("b"), Week, "#b"), Asked(Actor("gone"), Week, "gone"), Asked(Actor("private"), Week, "private"), Asked(Word("dark"), Week, "dark")],
            (Tag("a"), Complete(1, 7)),
            (Tag("b"), Complete(1, 7)),
            (Actor("gone"), refused),
            (Actor("private"), Complete(1, 7)),
            (Word("dark"), Gap(1, 7)));
        facts = facts with
        {
            Lists = new Dictionary<ListKey, ListFact> { [ListKey.Profile("private")] = new("", new() { List = ListKey.Profile("private"), Result = ListResult.Refused, Reason = "user_not_returned", ReadAt = Now }) },
            Collection = facts.Collection with { State = CollectionState.CompleteWithGaps, RecordsByClause = new Dictionary<string, long> { [Tag("a").ClauseId] = 7 } },
        };

        Progress.Of(facts).Inputs.Select(input => $"{input.Input} {input.Result} {input.Reason}".TrimEnd()).ShouldBe(
            ["#a Ok", "#b Empty", "gone Refused user_not_found", "private Refused user_not_returned", "dark Empty days are missing"]);
    }

    [Fact]
    public void No_input_is_called_empty_before_the_collection_has_ended()
    {
        var facts = Facts([Asked(Tag("a"), Week)], (Tag("a"), Complete(1, 7))) with { OpenSearches = 1 };

        Progress.Of(facts).Inputs.ShouldHaveSingleItem().Result.ShouldBe(InputOutcome.Pending);
    }

    [Fact]
    public void No_input_of_a_cancelled_collection_is_called_empty()
    {
        var facts = Facts([Asked(Tag("a"), Week)], (Tag("a"), Complete(1, 3)));
        facts = facts with { Collection = facts.Collection with { State = CollectionState.Cancelled } };

        Progress.Of(facts).Inputs.ShouldHaveSingleItem().Result.ShouldBe(InputOutcome.Pending);
    }

    [Fact]
    public void Days_of_pages_that_stayed_sparse_are_complete_and_doubtful()
    {
        var sparse = DayCoverage.Complete(Tag("a").ClauseId, Days("2026-01-01", "2026-01-05"), new() { Search = Search(), Checkpoint = new() { DoubtfulTo = new(2026, 1, 2) } }, new Dictionary<string, IReadOnlyList<CoveredDay>>()).Select(each => each.Day);
        var facts = Facts([Asked(Tag("a"), Week), Asked(Tag("b"), Week)], (Tag("a"), sparse), (Tag("a"), Complete(6, 7)), (Tag("b"), Complete(1, 7)));

        var progress = Progress.Of(facts);

        (progress.Complete, progress.Doubtful).ShouldBe((7, 2));
        Progress.Next(facts, progress).ShouldBe(CollectionState.Complete);
        Progress.Spans(facts).Select(span => (span.Days.Count, span.IsDoubtful)).ShouldBe([(2, true), (5, false), (7, false)]);
    }

    private static IEnumerable<CoveredDay> Complete(int from, int to) =>
        Enumerable.Range(from, to - from + 1).Select(day => new CoveredDay { Day = new(2026, 1, day), State = CoverageState.Complete });

    private static IEnumerable<CoveredDay> Gap(int from, int to) =>
        Enumerable.Range(from, to - from + 1).Select(day => new CoveredDay { Day = new(2026, 1, day), State = CoverageState.Gap, Reason = GapReason.BlackoutSuspect, LogId = "log" });

    private static CollectionFacts Facts(IReadOnlyList<AskedClause> asked, params (Clause Clause, IEnumerable<CoveredDay> Days)[] coverage) => new()
    {
        Collection = new() { LabId = "default", CollectionId = "c1", RequestId = "r", Fingerprint = "f", Spec = "{}", Priority = Priority.Interactive, CreatedAt = Now },
        Asked = asked,
        Coverage = coverage.GroupBy(each => each.Clause.ClauseId).ToDictionary(clause => clause.Key, IReadOnlyList<CoveredDay> (clause) => [.. clause.SelectMany(each => each.Days)]),
        OpenDays = new Dictionary<string, IReadOnlyList<DaysOf>>(),
        OpenSearches = 0,
        Unsettled = 0,
        Lists = new Dictionary<ListKey, ListFact>(),
    };
}
