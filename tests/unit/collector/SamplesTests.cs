using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Collecting.Walks;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;
using DaysOf = IssueObservatory.Mesh.Collector.Days;

namespace IssueObservatory.Mesh.Tests.Collecting;

public sealed class SamplesTests
{
    private static readonly DaysOf Quarter = Days("2026-01-01", "2026-03-28");

    [Theory]
    [InlineData(50)]
    [InlineData(7)]
    [InlineData(1000)]
    public void The_shares_of_the_searches_follow_their_days_and_add_up(int sample)
    {
        var plan = Samples.Share(Plan([Asked(Drawn(Word("a")), Quarter), Asked(Drawn(Word("b")), Quarter)]), [Asked(Word("a"), Quarter), Asked(Word("b"), Quarter)], sample);

        plan.Searches.Count.ShouldBe(6);
        plan.Searches.Sum(search => search.Sample).ShouldBe(sample);
        plan.Searches.ShouldAllBe(search => search.Sample >= 1);
        foreach (var search in plan.Searches)
        {
            var fair = (double)(sample - 6) * search.Window.Count / (2 * Quarter.Count);
            search.Sample.ShouldBeInRange((int)fair, (int)fair + 2);
        }
    }

    [Fact]
    public void Days_that_cannot_be_read_yet_keep_their_share()
    {
        var half = Days("2026-01-01", "2026-01-31");

        var plan = Samples.Share(Plan([Asked(Drawn(Word("a")), half)]), [Asked(Word("a"), Days("2026-01-01", "2026-03-03"))], 100);

        plan.Searches.ShouldHaveSingleItem().Sample.ShouldBe(50);
    }

    [Fact]
    public void Without_a_sample_the_plan_is_left_alone()
    {
        var plan = Plan([Asked(Word("a"), Quarter)]);

        Samples.Share(plan, [Asked(Word("a"), Quarter)], 0).ShouldBe(plan);
    }

    [Fact]
    public void A_sample_that_is_smaller_than_the_number_of_searches_is_refused_with_that_number()
    {
        var read = SpecReader.Read(new() { Terms = { "a", "b" }, Sample = 5, Days = Quarter.ToRange() }, Now, Options);

        Should.Throw<MeshException>(() => Samples.Check(read, Options)).Message.ShouldContain("6 or more");
        Samples.Check(read with { Spec = new() { Sample = 6 } }, Options);
    }

    [Fact]
    public void The_clause_of_a_sample_is_another_one_for_each_collection()
    {
        var all = Word("a");
        var one = ClauseIds.Identify(Drawn(all), "c1");
        var other = ClauseIds.Identify(Drawn(all), "c2");

        new[] { all.ClauseId, one.ClauseId, other.ClauseId, Drawn(all).ClauseId }.ShouldBeUnique();
        (one.IsRandom, all.IsRandom).ShouldBe((true, false));
        ClauseIds.Identify(one, "c1").ShouldBe(one);
    }

    [Fact]
    public void Samples_and_what_is_read_to_the_end_never_share_a_search() =>
        Plan([Asked(Tag("a"), Quarter), Asked(Drawn(Tag("b")), Quarter)]).Searches.ShouldAllBe(search => search.Clauses.Select(each => each.Clause.IsRandom).Distinct().Count() == 1);

    [Fact]
    public void Each_draw_asks_anew_and_for_no_more_than_is_left()
    {
        var search = Search() with { Sample = 150 };

        Body(search, Checkpoint.Start).ShouldContain("\"max_count\":100,\"is_random\":true");
        var next = Decide(search, Checkpoint.Start, Page(100, videos: 80)).ShouldBeOfType<Step.GoOn>().Next;
        (next.Cursor, next.TikTokSearchId, next.Attempt, next.Drawn).ShouldBe((0, "", 1, 80));
        Body(search, next).ShouldContain("\"max_count\":70,\"is_random\":true");
        Body(search, next).ShouldNotContain("search_id");
        Body(Search(), Checkpoint.Start).ShouldNotContain("is_random");
    }

    [Fact]
    public void A_search_ends_with_its_share_when_there_is_no_more_or_when_draws_bring_nothing_new()
    {
        var search = Search() with { Sample = 50 };

        Decide(search, Checkpoint.Start, Page(50, videos: 50)).ShouldBeOfType<Step.Finished>().Covered.ShouldBe(search.Window);
        Decide(search, Checkpoint.Start, Page(50, videos: 45)).ShouldBeOfType<Step.Finished>("a tenth is not worth a unit");
        Decide(search, Checkpoint.Start, Page(50, videos: 44)).ShouldBeOfType<Step.GoOn>();
        Decide(search, Checkpoint.Start, Page(12, videos: 12, more: false)).ShouldBeOfType<Step.Finished>().Covered.ShouldBe(search.Window);
        Decide(search, Checkpoint.Start, Page(100, videos: 40, more: false)).ShouldBeOfType<Step.Finished>().Successors.ShouldBeEmpty("no suspicion of a sample");
        var once = Decide(search, Checkpoint.Start with { Drawn = 10 }, Page(40, videos: 0)).ShouldBeOfType<Step.GoOn>().Next;
        Decide(search, once, Page(40, videos: 0)).ShouldBeOfType<Step.Finished>().Missing.ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(1000)]
    public void However_little_each_draw_brings_it_takes_twice_as_many_as_it_should_at_most(int share)
    {
        var (search, checkpoint, draws) = (Search() with { Sample = share }, Checkpoint.Start, 1);
        while (Decide(search, checkpoint, Page(100, videos: share == 1 ? 0 : 1)) is Step.GoOn next)
        {
            checkpoint = next.Next;
            draws++;
        }

        draws.ShouldBeLessThanOrEqualTo(2 + (2 * ((share + 99) / 100)));
    }

    [Fact]
    public void A_failing_draw_is_a_gap_and_forgets_nothing_that_was_drawn()
    {
        var search = Search() with { Sample = 500 };
        var drawn = Decide(search, Checkpoint.Start, Page(100, videos: 80)).ShouldBeOfType<Step.GoOn>().Next;

        var confirmed = Decide(search, drawn, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.GoOn>().Next;

        confirmed.Drawn.ShouldBe(80);
        Decide(search, confirmed, Trouble(ApiErrorClass.Internal)).ShouldBeOfType<Step.Finished>().Missing!.Reason.ShouldBe(GapReason.BlackoutSuspect);
    }

    [Fact]
    public void Searches_that_take_over_a_refused_one_share_its_share()
    {
        var halves = Decide(Search(clauses: [Tag("a"), Tag("b")]) with { Sample = 40 }, Checkpoint.Start, Trouble(ApiErrorClass.InvalidParams, InvalidParamsKind.Other)).ShouldBeOfType<Step.Finished>();
        halves.Successors.Select(half => half.Sample).ShouldBe([20, 20]);

        var windows = Decide(Search(to: "2026-01-31") with { Sample = 62 }, Checkpoint.Start, Trouble(ApiErrorClass.InvalidParams, InvalidParamsKind.Other)).ShouldBeOfType<Step.Finished>();
        windows.Successors.Select(window => window.Sample).ShouldBe([60, 2]);
    }

    private static Clause Drawn(Clause clause)
    {
        var drawn = clause.Clone();
        drawn.IsRandom = true;
        return ClauseIds.Identify(drawn);
    }

    private static Plan Plan(IReadOnlyList<AskedClause> asked)
    {
        var ids = 0;
        return Planner.Decide(asked, [], PlanningState.Nothing, new("default", Priority.Interactive, "", Now, () => $"{++ids}"), Options);
    }

    private static string Body(Search search, Checkpoint checkpoint) => System.Text.Encoding.UTF8.GetString(SearchQueries.Next(search, checkpoint).WriteBody());
}
