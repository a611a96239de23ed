using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.ResearchApi;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>What every <see cref="ICollectorStore"/> must keep. <see cref="Store"/> may be opened anew between any two calls, as after a crash.</summary>
public abstract partial class CollectorStoreContract : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private int grants;
    private Holder? holder;

    private protected abstract ICollectorStore Store { get; }

    /// <summary>The store as a second process has it; the same one where only one process may open it.</summary>
    private protected virtual ICollectorStore Beside(ICollectorStore store) => store;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_request_id_is_one_collection_and_its_plan_is_asked_once()
    {
        (await SubmitAsync(Collection("c1"), [Asked(Tag("a"))])).Existed.ShouldBeFalse();

        var again = await Store.SubmitAsync(Collection("c2") with { RequestId = "request c1" }, [Asked(Tag("b"))], [], _ => throw new InvalidOperationException("planned twice"), None);

        again.Existed.ShouldBeTrue();
        again.Collection.CollectionId.ShouldBe("c1");
        (await Store.FindAsync(Lab, "c2", None)).ShouldBeNull();
        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_request_id_is_forgotten_after_its_days_once_the_collection_has_ended()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var later = Collection("c2", createdAt: Now.AddDays(31)) with { RequestId = "request c1" };
        (await SubmitAsync(later, [Asked(Tag("a"))])).Existed.ShouldBeTrue();

        await Store.ChangeAsync(Lab, "c1", collection => collection with { State = CollectionState.Cancelled }, None);
        (await SubmitAsync(Collection("c3", createdAt: Now.AddDays(29)) with { RequestId = "request c1" }, [Asked(Tag("a"))])).Existed.ShouldBeTrue();
        (await SubmitAsync(later, [Asked(Tag("a"))])).Existed.ShouldBeFalse();
        (await Store.FindAsync(Lab, "c1", None)).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_same_submission_from_many_at_once_is_one_collection()
    {
        var store = Store;
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() =>
            store.SubmitAsync(Collection($"c{i}") with { RequestId = "same" }, [Asked(Tag("a"))], [], state => Plan(Collection($"c{i}"), [Asked(Tag("a"))], [], state), None))));

        answers.Count(answer => !answer.Existed).ShouldBe(1);
        answers.Select(answer => answer.Collection.CollectionId).Distinct().ShouldHaveSingleItem();
        (await OpenAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Collections_come_newest_first_page_by_page()
    {
        for (var i = 0; i < 5; i++)
        {
            await SubmitAsync(Collection($"c{i}", createdAt: Now.AddSeconds(i / 2)), [Asked(Tag("a"))]);
        }

        List<string> listed = [];
        for (var after = ""; ;)
        {
            var page = await Store.ListAsync(Lab, after, 2, None);
            listed.AddRange(page.Select(collection => collection.CollectionId));
            if (page.Count < 2)
            {
                break;
            }

            after = page[^1].CollectionId;
        }

        listed.ShouldBe(["c4", "c3", "c2", "c1", "c0"]);
        (await Store.ListAsync("other", "", 10, None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_change_counts_the_sequence_up_and_a_change_that_declines_does_not()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);

        (await Store.ChangeAsync(Lab, "c1", collection => collection with { Sent = 7 }, None))!.Sequence.ShouldBe(1);
        (await Store.ChangeAsync(Lab, "c1", _ => null, None))!.ShouldSatisfyAllConditions(stored => stored.Sequence.ShouldBe(1), stored => stored.Sent.ShouldBe(7));
        (await Store.ChangeAsync(Lab, "nobody", collection => collection, None)).ShouldBeNull();
        (await Store.ChangeAsync("other", "c1", collection => collection with { Sent = 8 }, None)).ShouldBeNull();
    }

    [Fact]
    public async Task Labs_know_nothing_of_each_other()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        await SubmitAsync(Collection("c1", lab: "other"), [Asked(Tag("a"))]);
        var mine = (await OpenAsync()).Single(open => open.Search.LabId == Lab);
        await PageAsync(mine, Ok());
        await NormalizeAllAsync();

        (await FactsAsync("c1")).Coverage[Tag("a").ClauseId].Count.ShouldBe(31);
        var theirs = (await Store.ReadFactsAsync("other", "c1", None))!;
        theirs.Coverage.ShouldBeEmpty();
        theirs.OpenSearches.ShouldBe(1);
        theirs.Collection.Sent.ShouldBe(0);
        var pageId = (await Store.ListPagesAsync(Lab, onlyUnanswered: false, 0, 10, None)).ShouldHaveSingleItem().PageId;
        (await Store.FindPageAsync("other", pageId, None)).ShouldBeNull();
        (await Store.MarkNormalizedAsync("other", pageId, new(1, 1, 0, 0, 0), Now, None)).ShouldBeEmpty();
        (await Store.ListPagesAsync("other", onlyUnanswered: false, 0, 10, None)).ShouldBeEmpty();
        (await Store.ReadPlanningStateAsync("other", [Asked(Tag("a"))], [], None)).Coverage.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unfinished_is_whatever_has_not_ended()
    {
        foreach (var (id, state, limit) in new[]
        {
            ("running", CollectionState.Running, false), ("limited", CollectionState.Running, true), ("paused", CollectionState.Paused, false),
            ("complete", CollectionState.Complete, false), ("gaps", CollectionState.CompleteWithGaps, false), ("cancelled", CollectionState.Cancelled, false),
        })
        {
            await SubmitAsync(Collection(id), [Asked(Tag("a"))]);
            await Store.ChangeAsync(Lab, id, collection => collection with { State = state, LimitReached = limit }, None);
        }

        (await Store.ListUnfinishedAsync(None)).Select(each => each.CollectionId).ShouldBe(["running", "limited", "paused"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_video_may_be_asked_for_on_two_stretches_of_days_in_one_search()
    {
        var video = ClauseIds.Identify(new() { Class = ClauseClass.Id, VideoId = "7" });
        await SubmitAsync(Collection("c1"), [Asked(video, new(new(2026, 1, 2), new(2026, 1, 2)))]);
        await FinishAsync(Ok());
        await SubmitAsync(Collection("c2"), [Asked(video, new(new(2026, 1, 1), new(2026, 1, 3)))]);

        (await OpenAsync()).ShouldHaveSingleItem().Search.Clauses.Count.ShouldBe(2);
        await FinishAsync(Ok());

        (await FactsAsync("c2")).ShouldSatisfyAllConditions(
            facts => facts.OpenSearches.ShouldBe(0),
            facts => facts.Coverage[video.ClauseId].ShouldAllBe(day => day.State == CoverageState.Complete),
            facts => facts.Coverage[video.ClauseId].Count.ShouldBe(3));
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private Task<Submitted> SubmitAsync(CollectionRecord collection, IReadOnlyList<AskedClause> asked, params ListKey[] lists) =>
        Store.SubmitAsync(collection, asked, lists, state => Plan(collection, StandingDays.AskedNow(collection, asked), lists, state), None);

    private Task<CollectionRecord?> ContinueAsync(string id, DateTimeOffset? now = null) => Store.ContinueAsync(
        Lab,
        id,
        collection => collection.HasEnded ? collection with { State = CollectionState.Running } : null,
        (collection, asked, lists, state) => Plan(collection, asked, lists, state, now),
        None);

    private async Task<CollectionFacts> FactsAsync(string id) => (await Store.ReadFactsAsync(Lab, id, None)).ShouldNotBeNull();

    private Task<IReadOnlyList<OpenSearch>> OpenAsync(params string[] awake) => Store.ListOpenAsync(awake is [] ? null : awake, Now.AddYears(1), 100, None);

    /// <summary>Sends the next request of a search and keeps its answer.</summary>
    private async Task<RawPage> PageAsync(OpenSearch open, Outcome outcome, Step? step = null, DateTimeOffset? at = null)
    {
        var now = at ?? Now;
        var begun = await BeginAsync(open);
        var page = Page(open, outcome, begun.Checkpoint.InFlightGrant);
        var (around, answer) = await new SearchSurroundings(Store, Options).OfAsync(open, outcome, control: null, now, None);
        await Store.KeepPageAsync(begun, page, outcome, step ?? Walker.Decide(open.Search, open.Checkpoint, outcome, around, now, Options), None);
        await Store.ChangeOutageAsync(known => Breaker.After(known, answer, now, Options), None);
        return page;
    }

    private async Task<OpenSearch> BeginAsync(OpenSearch open)
    {
        var grant = $"grant {++grants}";
        (await TryBeginAsync(open, grant)).ShouldBeTrue();
        return open with { Checkpoint = open.Checkpoint with { InFlightGrant = grant } };
    }

    private async Task<bool> TryBeginAsync(OpenSearch open, string grant)
    {
        var self = await HolderAsync();
        return await Store.BeginRequestAsync(open, grant, self, Now, None);
    }

    private async Task<Holder> HolderAsync() => holder ??= await Store.RegisterAsync("test", None);

    /// <summary>Every open search gets this answer, every page becomes records.</summary>
    private async Task FinishAsync(Outcome outcome)
    {
        foreach (var open in await OpenAsync())
        {
            await PageAsync(open, outcome);
        }

        await NormalizeAllAsync();
    }

    private async Task NormalizeAllAsync()
    {
        foreach (var page in await Store.ListPagesAsync("", onlyUnanswered: true, 0, 1000, None))
        {
            await Store.MarkNormalizedAsync(page.LabId, page.PageId, new(1, 1, 0, 0, 0), Now, None);
        }
    }
}
