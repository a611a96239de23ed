using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>Lists: which are known, which are on their way, and who waits for which budget.</summary>
public abstract partial class CollectorStoreContract
{
    private static readonly ListKey Comments = ListKey.Of(ApiEndpoint.Comments, "7");

    [Fact]
    public async Task A_list_is_known_by_its_endpoint_and_subject_however_a_name_is_written()
    {
        await SubmitAsync(Collection("c1"), [], ListKey.Profile("FT"), ListKey.Profile("dr"));
        await SubmitAsync(Collection("c2", createdAt: Now.AddSeconds(1)), [], ListKey.Profile("ft"), ListKey.Of(ApiEndpoint.Followers, "ft"));
        (await OpenAsync()).Select(open => $"{open.Search.Endpoint} {open.Search.Subject}").ShouldBe(["UserInfo ft", "UserInfo dr", "Followers ft"], ignoreOrder: true);

        await PageAsync((await OpenAsync()).Single(open => open.Search.List == ListKey.Profile("ft")), End(items: 1));
        await PageAsync((await OpenAsync()).Single(open => open.Search.List == ListKey.Profile("dr")), Refused(InvalidParamsKind.UserNotFound));
        await NormalizeAllAsync();

        var facts = await FactsAsync("c1");
        facts.OpenSearches.ShouldBe(0);
        facts.Lists[ListKey.Profile("ft")].ShouldBe(new("", new() { List = ListKey.Profile("ft"), Result = ListResult.Read, Items = 1, ReadAt = Now }));
        facts.Lists[ListKey.Profile("dr")].ShouldBe(new("", new() { List = ListKey.Profile("dr"), Result = ListResult.Refused, Reason = "user_not_found", LogId = "log", ReadAt = Now }));
        (await FactsAsync("c2")).Lists[ListKey.Of(ApiEndpoint.Followers, "ft")].ShouldSatisfyAllConditions(fact => fact.OpenSearch.ShouldNotBeEmpty(), fact => fact.Last.ShouldBeNull());
        await SubmitAsync(Collection("c3", createdAt: Now.AddSeconds(2)), [], ListKey.Profile("Ft"), ListKey.Profile("DR"));
        (await OpenAsync()).ShouldHaveSingleItem().Search.Endpoint.ShouldBe(ApiEndpoint.Followers);
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_and_done_when_its_pages_are_records()
    {
        var asked = ListClauses.Ask(Comments, "7");
        await SubmitAsync(Collection("c1"), [asked], Comments);
        var first = await PageAsync((await OpenAsync()).Single(), More(cursor: 100, items: 98));
        (await OpenAsync()).Single().Checkpoint.ShouldSatisfyAllConditions(at => at.Cursor.ShouldBe(100), at => at.Items.ShouldBe(98));
        var last = await PageAsync((await OpenAsync()).Single(), End(items: 5));

        (await OpenAsync()).ShouldBeEmpty();
        (await FactsAsync("c1")).ShouldSatisfyAllConditions(
            facts => facts.Asked.ShouldHaveSingleItem().ShouldBe(asked),
            facts => facts.OpenSearches.ShouldBe(1),
            facts => facts.Lists[Comments].OpenSearch.ShouldNotBeEmpty(),
            facts => facts.Coverage.ShouldBeEmpty());
        foreach (var page in new[] { last, first })
        {
            page.Endpoint.ShouldBe(ApiEndpoint.Comments);
            (await Store.FindPageAsync(Lab, page.PageId, None))!.Search.ShouldSatisfyAllConditions(search => search.List.ShouldBe(Comments), search => search.Questions.ShouldBe([asked.Clause]));
            await Store.MarkNormalizedAsync(Lab, page.PageId, new(98, 98, 0, 0, 0), Now, None);
        }

        (await FactsAsync("c1")).ShouldSatisfyAllConditions(
            facts => facts.OpenSearches.ShouldBe(0),
            facts => facts.Lists[Comments].OpenSearch.ShouldBeEmpty(),
            facts => facts.Lists[Comments].Last!.Items.ShouldBe(103),
            facts => facts.Coverage.ShouldBeEmpty());
    }

    [Fact]
    public async Task A_list_that_failed_is_read_again_for_whoever_goes_on_and_one_that_was_read_is_not()
    {
        var other = ListKey.Of(ApiEndpoint.Comments, "8");
        await SubmitAsync(Collection("c1"), [ListClauses.Ask(Comments, "7"), ListClauses.Ask(other, "8")], Comments, other);
        await PageAsync((await OpenAsync()).Single(open => open.Search.List == other), End(items: 3));
        for (var i = 0; i < 5; i++)
        {
            await PageAsync((await OpenAsync()).Single(), Trouble());
        }

        await NormalizeAllAsync();
        (await FactsAsync("c1")).Lists[Comments].Last.ShouldBe(new() { List = Comments, Result = ListResult.Failed, Reason = "internal_error", LogId = "log", ReadAt = Now });
        await Store.ChangeAsync(Lab, "c1", collection => collection with { State = CollectionState.CompleteWithGaps }, None);

        await ContinueAsync("c1", Now.AddDays(20));

        var again = (await OpenAsync()).ShouldHaveSingleItem();
        (again.Search.List, again.Checkpoint.IsFirstPage, again.Checkpoint.Attempt).ShouldBe((Comments, true, 0));
        (await FactsAsync("c1")).Lists[Comments].ShouldSatisfyAllConditions(fact => fact.OpenSearch.ShouldBe(again.Search.SearchId), fact => fact.Last!.Result.ShouldBe(ListResult.Failed));
    }

    [Fact]
    public async Task One_callers_work_does_not_hide_anothers()
    {
        var many = Enumerable.Range(0, 20).Select(i => ListKey.Of(ApiEndpoint.Followers, $"f{i}")).ToArray();
        await SubmitAsync(Collection("many") with { Caller = "arena-1" }, [], many);
        await SubmitAsync(Collection("one") with { Caller = "arena-2", CreatedAt = Now.AddHours(1) }, [], ListKey.Of(ApiEndpoint.Followers, "g"));

        var open = await Store.ListOpenAsync(awake: null, Now.AddHours(2), 4, None);

        open.GroupBy(each => each.Caller).Select(caller => (caller.Key, caller.Count())).ShouldBe([("arena-1", 4), ("arena-2", 1)], ignoreOrder: true);
    }

    [Fact]
    public async Task One_budgets_work_does_not_hide_the_others()
    {
        var many = Enumerable.Range(0, 20).Select(i => ListKey.Of(ApiEndpoint.Followers, $"f{i}")).ToArray();
        await SubmitAsync(Collection("many"), [], many);
        await SubmitAsync(Collection("one", createdAt: Now.AddSeconds(1)), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("more", createdAt: Now.AddSeconds(2)), [.. Enumerable.Range(0, 20).Select(i => Asked(Word($"w{i}")))]);
        await SubmitAsync(Collection("last", createdAt: Now.AddSeconds(3)), [], ListKey.Of(ApiEndpoint.Following, "ft"));

        var open = await Store.ListOpenAsync(awake: null, Now, 4, None);

        open.GroupBy(each => each.Search.Bucket).ToDictionary(bucket => bucket.Key, bucket => bucket.Count()).ShouldBe(new Dictionary<QuotaBucket, int> { [QuotaBucket.Follow] = 4, [QuotaBucket.Research] = 4 }, ignoreOrder: true);
        open.Where(each => each.Search.Bucket is QuotaBucket.Research).SelectMany(each => each.Collections).ShouldContain("one");
    }

    private static Outcome More(long cursor, int items) => new() { Class = ApiErrorClass.Ok, Code = "ok", HasMore = true, SaysWhere = true, Cursor = cursor, NewVideos = items };

    private static Outcome End(int items) => new() { Class = ApiErrorClass.Ok, Code = "ok", SaysWhere = true, NewVideos = items };

    private static Outcome Refused(InvalidParamsKind kind) => Trouble(ApiErrorClass.InvalidParams) with { InvalidParams = kind };
}
