using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

public abstract partial class CollectorStoreContract
{
    [Fact]
    public async Task What_a_second_collection_needs_for_the_same_days_joins_the_searches_that_wait()
    {
        await JoinAsync(Collection("c1"), Tag("a"));
        var before = (await OpenAsync()).ShouldHaveSingleItem();

        await JoinAsync(Collection("c2"), Tag("b"));

        var joined = (await OpenAsync()).ShouldHaveSingleItem();
        joined.Search.Clauses.Select(each => each.Clause.ClauseId).ShouldBe([Tag("a").ClauseId, Tag("b").ClauseId], ignoreOrder: true);
        joined.Collections.ShouldBe(["c1", "c2"], ignoreOrder: true);
        (await TryBeginAsync(before, "late")).ShouldBeFalse("nobody may ask the question of one and cover the days of both");
        await FinishAsync(Ok());
        foreach (var (id, tag) in new[] { ("c1", "a"), ("c2", "b") })
        {
            var facts = await FactsAsync(id);
            facts.OpenSearches.ShouldBe(0);
            facts.Coverage[Tag(tag).ClauseId].Count(day => day.State == CoverageState.Complete).ShouldBe(31);
        }
    }

    [Fact]
    public async Task Searches_that_were_begun_that_serve_others_who_stopped_or_that_are_not_alike_are_left_alone()
    {
        await JoinAsync(Collection("begun"), Tag("a"));
        await BeginAsync((await OpenAsync()).Single());
        await JoinAsync(Collection("paused", createdAt: Now.AddSeconds(1)), Tag("b"));
        await Store.ChangeAsync(Lab, "paused", collection => collection with { State = CollectionState.Paused }, None);
        await JoinAsync(Collection("word"), Word("w"));
        await JoinAsync(Collection("calm", priority: Priority.Backfill), Tag("c"));
        await JoinAsync(Collection("c1", lab: "other"), Tag("d"));

        var state = await Store.ReadPlanningStateAsync(Lab, [Asked(Tag("e"))], [], None);

        state.Waiting.ShouldHaveSingleItem().ClauseIds.ShouldBe([Tag("c").ClauseId]);
        await JoinAsync(Collection("urgent"), Tag("e"));
        (await OpenAsync("urgent")).ShouldHaveSingleItem().Search.Clauses.ShouldHaveSingleItem().Clause.ClauseId.ShouldBe(Tag("e").ClauseId);
    }

    [Fact]
    public async Task What_pages_teach_of_merging_is_kept_with_them_for_the_lab_and_the_class()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a")), Asked(Tag("b"))]);
        await PageAsync((await OpenAsync()).Single(), Ok(true, "7", "8") with { Cursor = 100, Unmatched = 0, Matches = new Dictionary<string, int> { ["a"] = 2, ["b"] = 1 } });
        await PageAsync((await OpenAsync()).Single(), Ok(false, "1", "2", "3") with { Unmatched = 1 });

        var known = await Store.ReadMergingAsync(Lab, ClauseClass.Hashtag, None);

        (known.Accepted, known.Merged, known.Unattributed).ShouldBe((2, 5, 1));
        known.Yield.ShouldBe(new(Taken: 100, Shown: 2, Merged: 2, Matches: 3));
        (await Store.ReadMergingAsync(Lab, ClauseClass.Keyword, None)).ShouldBe(MergeKnowledge.Nothing);
        (await Store.ReadMergingAsync("other", ClauseClass.Hashtag, None)).ShouldBe(MergeKnowledge.Nothing);
        (await Store.ReadPlanningStateAsync(Lab, [Asked(Tag("c"))], [], None)).Merging[ClauseClass.Hashtag].Accepted.ShouldBe(2);
        (await Store.ReadHistoryAsync(Lab, [Asked(Tag("c"))], None)).Merging[ClauseClass.Hashtag].Yield.ShouldBe(known.Yield);
    }

    [Fact]
    public async Task What_a_plan_is_expected_to_cost_is_kept_with_the_collection_that_it_begins()
    {
        var submitted = await Store.SubmitAsync(Collection("c1"), [Asked(Tag("a"))], [], state => Plan(Collection("c1"), [Asked(Tag("a"))], [], state) with { Estimate = new(2, 7) }, None);

        submitted.Collection.Estimate.ShouldBe(new(2, 7));
        (await Store.FindAsync(Lab, "c1", None))!.Estimate.ShouldBe(new(2, 7));
    }

    [Fact]
    public async Task What_was_counted_of_clauses_is_found_for_the_days_asked_for()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("c1", lab: "other"), [Asked(Tag("b"))]);
        await FinishAsync(Ok());

        var history = await Store.ReadHistoryAsync(Lab, [Asked(Tag("a"), FifthOfJanuary), Asked(Tag("b"), FifthOfJanuary)], None);

        history.Coverage.ShouldHaveSingleItem().Value.ShouldHaveSingleItem().Day.ShouldBe(FifthOfJanuary.From);
    }

    [Fact]
    public async Task A_size_that_was_refused_while_both_halves_are_taken_is_known_afterwards()
    {
        await SubmitAsync(Collection("c1"), [.. new[] { "a", "b", "c", "d" }.Select(tag => Asked(Tag(tag), new(new(2026, 1, 1), new(2026, 1, 30))))]);
        await PageAsync((await OpenAsync()).Single(), Trouble(ApiErrorClass.InvalidParams));
        (await Store.ReadMergingAsync(Lab, ClauseClass.Hashtag, None)).Refused.ShouldBe(0);

        await FinishAsync(Ok());

        var known = await Store.ReadMergingAsync(Lab, ClauseClass.Hashtag, None);
        (known.Refused, known.Accepted, known.Halved.Count).ShouldBe((4, 2, 0));
    }

    private Task<Submitted> JoinAsync(CollectionRecord collection, Clause clause) =>
        Store.SubmitAsync(collection, [Asked(clause)], [], state => Planned(collection, [Asked(clause)], [], state), None);
}
