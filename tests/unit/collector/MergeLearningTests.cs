using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class MergeLearningTests
{
    [Theory]
    [InlineData(17)]
    [InlineData(59)]
    [InlineData(2)]
    [InlineData(60)]
    public void The_largest_size_is_found_by_halving_the_distance_and_no_refused_size_is_tried_twice(int limit)
    {
        var known = MergeKnowledge.Nothing;
        HashSet<int> refused = [];
        for (var plan = 0; plan < 20; plan++)
        {
            known = Send(known, SearchOf($"s{plan}", known.Most(ClauseClass.Hashtag, Options)), limit, [], refused);
        }

        known.Most(ClauseClass.Hashtag, Options).ShouldBe(limit);
        known.Halved.ShouldBeEmpty();
    }

    [Fact]
    public void One_bad_term_is_isolated_and_takes_no_size_away()
    {
        for (var bad = 0; bad < 60; bad++)
        {
            var known = Send(MergeKnowledge.Nothing, SearchOf("s", 60), limit: 60, [$"t{bad:00}"], []);

            known.Refused.ShouldBe(0, $"term {bad}");
            known.Most(ClauseClass.Hashtag, Options).ShouldBe(60);
        }
    }

    [Fact]
    public void Keywords_share_searches_after_two_hundred_videos_of_three_keywords_in_which_we_find_them_too()
    {
        var known = MergeKnowledge.Nothing;
        foreach (var (word, videos, missed) in new[] { ("a", 100, 0), ("b", 99, 0), ("b", 100, 0) })
        {
            known = Read(known, Search(clauses: [Word(word)]) with { Class = ClauseClass.Keyword }, videos, missed);
            known.MayMerge(ClauseClass.Keyword).ShouldBeFalse("two keywords may be alike by chance");
        }

        known = Read(known, Search(clauses: [Word("c")]) with { Class = ClauseClass.Keyword }, 1, 0);
        known.MayMerge(ClauseClass.Keyword).ShouldBeTrue();
        Read(known, Search(clauses: [Word("c")]) with { Class = ClauseClass.Keyword }, 100, 2).MayMerge(ClauseClass.Keyword).ShouldBeFalse();
    }

    [Fact]
    public void Keywords_run_alone_again_when_merged_answers_hold_videos_without_any_of_them()
    {
        var proven = new MergeKnowledge { Agreed = 1000, Words = ["a", "b", "c"] };
        var merged = Search(clauses: [Word("a"), Word("b")]) with { Class = ClauseClass.Keyword };

        var unsure = Read(Read(proven, merged, 100, 0), merged, 100, 2);

        unsure.MayMerge(ClauseClass.Keyword).ShouldBeFalse();
        Halving.Due(merged, Checkpoint.Start, unsure, Options)!.Successors.Select(part => part.Clauses.Count).ShouldBe([1, 1]);
        Halving.Due(merged, Checkpoint.Start, proven, Options).ShouldBeNull();
        (unsure with { Unattributed = 0 }).MayMerge(ClauseClass.Keyword).ShouldBeTrue();
        Read(Read(MergeKnowledge.Nothing, merged with { Class = ClauseClass.Hashtag }, 100, 9), merged with { Class = ClauseClass.Hashtag }, 100, 9).MayMerge(ClauseClass.Hashtag).ShouldBeTrue("a hashtag's answer names it");
    }

    [Fact]
    public void A_plan_merges_keywords_once_they_are_proven_and_never_with_what_else_they_ask()
    {
        var proven = PlanningState.Nothing with { Merging = new Dictionary<ClauseClass, MergeKnowledge> { [ClauseClass.Keyword] = new() { Agreed = 1000, Words = ["a", "b", "c"] } } };
        var both = ClauseIds.Identify(new() { Class = ClauseClass.Keyword, Keywords = { "x", "y" }, RegionCodes = { "DK" } });
        var nameless = ClauseIds.Identify(new() { Class = ClauseClass.Keyword, Keywords = { "z" }, RegionCodes = { "DK" }, Fields = { "id", "create_time" } });
        var january = Days("2026-01-01", "2026-01-31");
        List<AskedClause> asked = [.. new[] { Word("x"), Word("y"), both, nameless }.Select(clause => Asked(clause, january))];

        Planner.Decide(asked, [], PlanningState.Nothing, Asker(), Options).Searches.Count.ShouldBe(4);
        var merged = Planner.Decide(asked, [], proven, Asker(), Options).Searches;

        merged.Select(search => search.Clauses.Count).Order().ShouldBe([1, 1, 2]);
        System.Text.Encoding.UTF8.GetString(SearchQueries.Next(merged.Single(search => search.Clauses.Count == 2), Checkpoint.Start).WriteBody())
            .ShouldMatch("""\{"operation":"IN","field_name":"keyword","field_values":\["[xy]","[xy]"\]\}""");
    }

    [Fact]
    public void Accounts_that_sink_their_search_are_isolated_before_days_are_believed_to_be_dark()
    {
        var merged = Search(clauses: [Actor("a"), Actor("b"), Actor("c")]) with { Class = ClauseClass.Username };

        var step = Decide(merged, Checkpoint.Start, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.Finished>();

        step.Successors.Select(half => half.Clauses.Count).ShouldBe([1, 2]);
        step.News.ShouldBeNull();
        Decide(step.Successors[0], Checkpoint.Start, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.GoOn>().News.ShouldNotBeNull();
    }

    private static Planner.Asker Asker() => new("default", Priority.Interactive, "", Now, () => Guid.NewGuid().ToString("N"));

    private static Search SearchOf(string id, int clauses) =>
        Search(to: "2026-01-30", clauses: [.. Enumerable.Range(0, clauses).Select(i => Tag($"t{i:00}"))]) with { SearchId = id };

    /// <summary>Sends a search and whatever takes over from it, to an API that takes so many clauses and none of the bad ones.</summary>
    private static MergeKnowledge Send(MergeKnowledge known, Search first, int limit, IReadOnlyList<string> bad, HashSet<int> refused)
    {
        var line = new Stack<Search>([first]);
        while (line.TryPop(out var search))
        {
            if (Halving.Due(search, Checkpoint.Start, known, Options) is { } due)
            {
                due.Successors.Reverse().ToList().ForEach(line.Push);
                continue;
            }

            var isTaken = search.Clauses.Count <= limit && !search.Clauses.Any(each => bad.Contains(each.Clause.Hashtags[0]));
            if (!isTaken && bad.Count == 0)
            {
                refused.Add(search.Clauses.Count).ShouldBeTrue($"{search.Clauses.Count} was refused before");
            }

            var outcome = isTaken ? Page(cursor: 1, more: false) : Trouble(ApiErrorClass.InvalidParams, InvalidParamsKind.Other);
            var step = Decide(search, Checkpoint.Start, outcome);
            known = MergeLearning.Concerns(search, outcome) ? MergeLearning.After(known, search, Checkpoint.Start, outcome, step) : known;
            foreach (var next in ((Step.Finished)step).Successors.Reverse())
            {
                line.Push(next);
            }
        }

        return known;
    }

    private static MergeKnowledge Read(MergeKnowledge known, Search search, int videos, int missed)
    {
        var outcome = Page(cursor: 1, more: false) with { VideoIds = [.. Enumerable.Range(0, videos).Select(i => $"{i}")], Unmatched = missed };
        MergeLearning.Concerns(search, outcome).ShouldBeTrue();
        return MergeLearning.After(known, search, Checkpoint.Start, outcome, Decide(search, Checkpoint.Start, outcome));
    }
}
