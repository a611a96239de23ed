using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>The check of the local match that follows a merged search.</summary>
public abstract partial class CollectorStoreContract
{
    private static readonly TwinResult Found = new(5, 2, 1);

    [Fact]
    public async Task A_merged_search_that_becomes_records_is_followed_by_one_check_a_week_for_whoever_asks_for_its_clause()
    {
        await SubmitAsync(Collection("limited", maxUnits: 9), [Asked(Tag("a")), Asked(Tag("b"))]);
        await JoinAsync(Collection("c1", createdAt: Now.AddSeconds(1)), Tag("b"));

        await ReadMergedAsync((await OpenAsync()).ShouldHaveSingleItem());

        var check = (await OpenAsync()).ShouldHaveSingleItem();
        check.Collections.ShouldBe(["c1"], "who has set a limit does not pay");
        check.Search.Clauses.ShouldHaveSingleItem().Clause.ShouldBe(Tag("b"));
        check.Search.Twin.ShouldNotBeNull();
        (await Store.ReadMergingAsync(Lab, ClauseClass.Hashtag, None)).CheckedAt.ShouldBe(Now);

        await SubmitAsync(Collection("c2", createdAt: Now.AddSeconds(2)), [Asked(Tag("c")), Asked(Tag("d"))]);
        await ReadMergedAsync((await OpenAsync()).Single(open => open.Search.Twin is null));
        (await OpenAsync()).ShouldHaveSingleItem().Search.SearchId.ShouldBe(check.Search.SearchId, "not twice in a week");
        await SubmitAsync(Collection("c3", createdAt: Now.AddSeconds(3)), [Asked(Tag("e")), Asked(Tag("f"))]);
        await ReadMergedAsync((await OpenAsync()).Single(open => open.Search.Twin is null), Now.AddDays(7));
        (await OpenAsync()).Count(open => open.Search.Twin is not null).ShouldBe(2);
    }

    [Fact]
    public async Task A_check_covers_nothing_and_what_it_finds_is_kept_with_its_page()
    {
        var check = await CheckAsync();
        var facts = await FactsAsync("c1");
        facts.Coverage.Values.SelectMany(days => days).Count(day => day.State is CoverageState.Complete).ShouldBe(62);
        (facts.OpenSearches, facts.OpenDays.Count).ShouldBe((1, 0));
        (await Store.ReadPlanningStateAsync(Lab, [Asked(Tag("a")), Asked(Tag("b"))], [], None)).ShouldSatisfyAllConditions(
            state => state.OpenSearches.ShouldBeEmpty("nobody waits for it to cover anything"),
            state => state.Waiting.ShouldBeEmpty("nobody joins it"));

        await PageAsync(check, Ok(false, "1", "2") with { Twin = Found });
        (await FactsAsync("c1")).OpenSearches.ShouldBe(1, "its page is not records yet");
        await NormalizeAllAsync();

        (await FactsAsync("c1")).ShouldSatisfyAllConditions(
            after => after.OpenSearches.ShouldBe(0),
            after => TextOf(after).ShouldBe(TextOf(facts)),
            after => after.Collection.Sent.ShouldBe(2));
        var known = await Store.ReadMergingAsync(Lab, ClauseClass.Hashtag, None);
        (known.Checked, known.CheckedAt, known.Differs).ShouldBe((Found, Now, true));
        (await Store.ReadMergingAsync("other", ClauseClass.Hashtag, None)).ShouldBe(MergeKnowledge.Nothing);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("lost")]
    [InlineData("dropped")]
    public async Task A_check_that_fails_is_lost_or_is_dropped_changes_nothing_and_is_not_repeated(string how)
    {
        var check = await CheckAsync();
        var (facts, known) = (await FactsAsync("c1"), await Store.ReadMergingAsync(Lab, ClauseClass.Hashtag, None));
        switch (how)
        {
            case "failed":
                await PageAsync(check, Trouble());
                break;
            case "lost":
                var begun = await BeginAsync(check);
                await Store.ForgetRequestAsync(begun, None);
                break;
            default:
                (await Store.TurnAsync(check, new(TwinChecks.End, News: null), None)).ShouldBeTrue();
                break;
        }

        (await OpenAsync()).ShouldBeEmpty();
        (await FactsAsync("c1")).ShouldSatisfyAllConditions(after => after.OpenSearches.ShouldBe(0), after => TextOf(after).ShouldBe(TextOf(facts)));
        var after = await Store.ReadMergingAsync(Lab, ClauseClass.Hashtag, None);
        (after.Checked, after.CheckedAt, after.Merged).ShouldBe((null, Now, known.Merged));
        (await Store.ReadBlackoutsAsync(ClauseClass.Hashtag, None)).ShouldSatisfyAllConditions(dark => dark.Days.ShouldBeEmpty(), dark => dark.Exploration.ShouldBeNull());
        (await Store.ReadOutageAsync(None)).Failures.ShouldBe(0);
    }

    [Fact]
    public async Task While_TikTok_does_not_answer_no_check_follows()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a")), Asked(Tag("b"))]);
        var page = await PageAsync((await OpenAsync()).Single(), Ok(false, "1", "2"));
        await Store.ChangeOutageAsync(known => known with { OpenedAt = Now }, None);

        await Store.MarkNormalizedAsync(Lab, page.PageId, Counted("a", "b"), Now, None);

        (await OpenAsync()).ShouldBeEmpty();
        (await Store.ReadMergingAsync(Lab, ClauseClass.Hashtag, None)).CheckedAt.ShouldBeNull();
    }

    [Fact]
    public async Task The_pages_of_a_search_are_listed_in_the_order_of_storing_and_no_others()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var first = await PageAsync((await OpenAsync()).Single(), Trouble(ApiErrorClass.RateLimit));
        await SubmitAsync(Collection("c2", createdAt: Now.AddSeconds(1)), [Asked(Tag("z"))]);
        await PageAsync((await OpenAsync()).Single(open => open.Search.SearchId != first.SearchId), Ok());
        var second = await PageAsync((await OpenAsync()).Single(), Ok(more: true));
        var third = await PageAsync((await OpenAsync()).Single(), Ok());

        (await Store.ListPageIdsAsync(Lab, first.SearchId, None)).ShouldBe([first.PageId, second.PageId, third.PageId]);
        (await Store.ListPageIdsAsync("other", first.SearchId, None)).ShouldBeEmpty();
        (await Store.ListPageIdsAsync(Lab, "nothing", None)).ShouldBeEmpty();
    }

    /// <summary>A merged search of January for c1 that has been read, and the check that follows it.</summary>
    private async Task<OpenSearch> CheckAsync()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a")), Asked(Tag("b"))]);
        await ReadMergedAsync((await OpenAsync()).Single());
        return (await OpenAsync()).ShouldHaveSingleItem();
    }

    private async Task ReadMergedAsync(OpenSearch open, DateTimeOffset? at = null)
    {
        var page = await PageAsync(open, Ok(false, "1", "2"));
        await Store.MarkNormalizedAsync(Lab, page.PageId, Counted([.. open.Search.Clauses.Select(each => each.Clause.Hashtags[0])]), at ?? Now, None);
    }

    private static PageCounts Counted(params string[] tags) => new(2, 2, 0, 0, 0) { Videos = [.. tags.Select(tag => new ClauseVideos(Tag(tag).ClauseId, FifthOfJanuary.From, 2))] };

    private static string TextOf(CollectionFacts facts) =>
        string.Join('\n', facts.Coverage.OrderBy(each => each.Key, StringComparer.Ordinal).SelectMany(each => each.Value.Select(day => $"{each.Key} {day}")));
}
