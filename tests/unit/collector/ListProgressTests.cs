using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

/// <summary>How far collections of lists are.</summary>
public sealed class ListProgressTests
{
    [Fact]
    public void Every_list_says_what_it_gave_and_only_those_that_failed_are_missing()
    {
        var facts = Facts(
            new(Key("1")) { Last = Read("1", 250) },
            new(Key("2")) { Last = Read("2", 0) },
            new(Key("3")) { Last = Read("3", 1_000) with { IsCut = true } },
            new(Key("4")) { Last = Read("4", 0) with { Result = ListResult.Refused, Reason = "comments_hidden" } },
            new(Key("5")) { Last = Read("5", 1_100) with { Result = ListResult.Failed, Reason = "internal_error", LogId = "log5" } });

        var progress = Progress.Of(facts);

        progress.Inputs.Select(input => $"{input.Input} {input.Result} {input.Reason}".TrimEnd()).ShouldBe(
            ["video 1 Ok", "video 2 Empty", "video 3 Ok the first 1,000", "video 4 Refused comments_hidden", "video 5 Failed internal_error after 1,100 items"]);
        (progress.Complete, progress.Gap, progress.Pending).ShouldBe((0, 0, 0));
        progress.Gaps.ShouldHaveSingleItem().ShouldBe(new Gap { Days = new(), Reason = GapReason.Failed, Class = ClauseClass.List, Clauses = { "video 5" }, LogIds = { "log5" } });
        Progress.Next(facts, progress).ShouldBe(CollectionState.CompleteWithGaps);
    }

    [Fact]
    public void A_refusal_leaves_a_collection_complete()
    {
        var facts = Facts(new ListOf(Key("4")) { Last = Read("4", 0) with { Result = ListResult.Refused, Reason = "comments_hidden" } });

        Progress.Next(facts, Progress.Of(facts)).ShouldBe(CollectionState.Complete);
    }

    [Fact]
    public void A_list_that_is_being_read_is_pending_whatever_was_known_of_it_before()
    {
        var facts = Facts(new ListOf(Key("1")) { Search = "s1", Last = Read("1", 5) with { Result = ListResult.Failed, Reason = "x" } }, new ListOf(Key("2")) { Last = Read("2", 5) });

        var progress = Progress.Of(facts with { OpenSearches = 1 });

        progress.Inputs.Select(input => input.Result).ShouldBe([InputOutcome.Pending, InputOutcome.Ok]);
        progress.Gaps.ShouldBeEmpty();
        Progress.Next(facts with { OpenSearches = 1 }, progress).ShouldBeNull();
    }

    [Fact]
    public void At_a_limit_what_was_read_is_there_and_the_rest_is_missing()
    {
        var facts = Facts(new ListOf(Key("1")) { Last = Read("1", 5) }, new ListOf(Key("2")) { Search = "s2" }, new ListOf(Key("3")) { Search = "s3", Last = Read("3", 7) });
        facts = facts with { Collection = facts.Collection with { LimitReached = true }, OpenSearches = 2, Unsettled = 0 };

        var progress = Progress.Of(facts);

        progress.Inputs.Select(input => $"{input.Result} {input.Reason}".TrimEnd()).ShouldBe(["Ok", "Failed limit_reached", "Failed limit_reached"]);
        progress.Gaps.ShouldHaveSingleItem().Reason.ShouldBe(GapReason.LimitReached);
        Progress.Next(facts, progress).ShouldBe(CollectionState.CompleteWithGaps);
    }

    [Fact]
    public void What_a_complete_collection_has_no_later_failure_takes_away()
    {
        var facts = Facts(new ListOf(Key("1")) { Last = Read("1", 5) with { Result = ListResult.Failed, Reason = "internal_error" } });

        Progress.Of(facts with { Collection = facts.Collection with { State = CollectionState.Complete } }).ShouldSatisfyAllConditions(
            progress => progress.Inputs.Single().Result.ShouldBe(InputOutcome.Ok),
            progress => progress.Gaps.ShouldBeEmpty());
    }

    [Fact]
    public void A_collection_of_no_lists_is_complete()
    {
        var facts = Facts();

        Progress.Next(facts, Progress.Of(facts)).ShouldBe(CollectionState.Complete);
    }

    private static ListKey Key(string id) => ListKey.Of(ApiEndpoint.Comments, id);

    private static ListRead Read(string id, long items) => new() { List = Key(id), Result = ListResult.Read, Items = items, ReadAt = Now };

    private static CollectionFacts Facts(params ListOf[] lists) => new()
    {
        Collection = new() { LabId = "default", CollectionId = "c1", RequestId = "r", Fingerprint = "f", Spec = "{}", Priority = Priority.Interactive, CreatedAt = Now },
        Asked = [.. lists.Select(list => ListClauses.Ask(list.Key, $"video {list.Key.Subject}"))],
        Coverage = new Dictionary<string, IReadOnlyList<CoveredDay>>(),
        OpenDays = new Dictionary<string, IReadOnlyList<DaysOf>>(),
        OpenSearches = 0,
        Unsettled = 0,
        Lists = lists.ToDictionary(list => list.Key, list => new ListFact(list.Search, list.Last)),
    };

    private sealed record ListOf(ListKey Key)
    {
        public string Search { get; init; } = "";

        public ListRead? Last { get; init; }
    }
}
