using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Configuration;
using MongoDB.Bson;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;
using Checkpoint = IssueObservatory.Mesh.Collector.Checkpoint;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>What breaks between a collector and MongoDB while something is written: it happened whole, or not at all, and once.</summary>
public sealed class MongoCollectorFaultTests(MongoTestServer server) : IClassFixture<MongoTestServer>, IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string database = server.NewDatabaseName();
    private readonly List<IDisposable> opened = [];

    /// <summary>A command, what happens to it, and how often in a row.</summary>
    public static TheoryData<string, string, int> Faults()
    {
        var faults = new TheoryData<string, string, int>();
        foreach (var command in new[] { "findAndModify", "update", "insert", "find" })
        {
            foreach (var failure in new[] { "closeConnection", "closeAfter" })
            {
                foreach (var times in new[] { 1, 2, 3 })
                {
                    faults.Add(command, failure, times);
                }
            }
        }

        return faults;
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_page_is_kept_once_and_moves_its_search_once(string command, string failure, int times)
    {
        var store = Open();
        var begun = await BeginAsync(store);
        var page = Page(begun, Ok(more: true, "1"), begun.Checkpoint.InFlightGrant, new byte[50_000]);
        var step = Walker.Decide(begun.Search, Checkpoint.Start, Ok(more: true, "1"), Now, Options);

        await DisturbedAsync(command, failure, times, () => store.KeepPageAsync(begun, page, Ok(more: true, "1"), step, None));
        await Open().KeepPageAsync(begun, page, Ok(more: true, "1"), step, None);

        var after = Open();
        (await after.ListPagesAsync(Lab, onlyUnanswered: false, 0, 10, None)).ShouldHaveSingleItem();
        (await after.FindPageAsync(Lab, page.PageId, None))!.Page.Body.ToArray().ShouldBe(page.Body.ToArray());
        (await after.FindAsync(Lab, "c1", None))!.ShouldSatisfyAllConditions(collection => collection.Sent.ShouldBe(1), collection => collection.Ok.ShouldBe(1));
        (await after.CountUnansweredAsync(Lab, "c1", None)).ShouldBe(1);
        (await after.ListOpenAsync(awake: null, Now, 10, None)).ShouldHaveSingleItem().Checkpoint.Cursor.ShouldBe(100);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_request_is_begun_whole_or_not_at_all(string command, string failure, int times)
    {
        var store = Open();
        await SubmitAsync(store);
        var self = await store.RegisterAsync("one", None);
        var open = (await store.ListOpenAsync(awake: null, Now, 10, None)).Single();

        await DisturbedAsync(command, failure, times, () => store.BeginRequestAsync(open, "g", self, Now, None));

        var after = Open();
        var inFlight = await after.ListInFlightAsync(None);
        (await after.FindAsync(Lab, "c1", None))!.Sent.ShouldBe(inFlight.Count);
        foreach (var lost in inFlight)
        {
            lost.Holder.ShouldBe(self);
            await after.ForgetRequestAsync(lost, None);
        }

        (await after.ListOpenAsync(awake: null, Now, 10, None)).ShouldHaveSingleItem().Checkpoint.ShouldBe(Checkpoint.Start with { Attempt = inFlight.Count });
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_normalizers_answer_counts_once(string command, string failure, int times)
    {
        var store = Open();
        var begun = await BeginAsync(store);
        var page = Page(begun, Ok(), begun.Checkpoint.InFlightGrant);
        await store.KeepPageAsync(begun, page, Ok(), Walker.Decide(begun.Search, Checkpoint.Start, Ok(), Now, Options), None);

        await DisturbedAsync(command, failure, times, () => store.MarkNormalizedAsync(Lab, page.PageId, new(9, 9, 0, 0, 0), Now, None));
        await Open().MarkNormalizedAsync(Lab, page.PageId, new(9, 9, 0, 0, 0), Now, None);

        var facts = (await Open().ReadFactsAsync(Lab, "c1", None))!;
        facts.Collection.Received.ShouldBe(9);
        facts.OpenSearches.ShouldBe(0);
        facts.Coverage[Tag("a").ClauseId].Count.ShouldBe(31);
    }

    [Fact]
    public async Task A_cursor_that_is_lost_is_unavailability_and_the_next_read_sees_everything()
    {
        var store = Open();
        await SubmitAsync(store, [.. Enumerable.Range(0, 120).Select(i => Asked(Word($"w{i}")))]);
        await server.FailAsync("getMore", new BsonDocument("errorCode", 43), times: 1);

        (await Should.ThrowAsync<MeshException>(store.ReadFactsAsync(Lab, "c1", None))).Reason.ShouldBe(ErrorReason.Unavailable);

        (await store.ReadFactsAsync(Lab, "c1", None))!.OpenSearches.ShouldBe(120);
    }

    [Fact]
    public async Task A_body_that_cannot_be_written_keeps_no_page()
    {
        var store = Open();
        var begun = await BeginAsync(store);
        var page = Page(begun, Ok(), begun.Checkpoint.InFlightGrant);
        await server.FailAsync("insert", new BsonDocument("errorCode", 14031), times: 1);

        var refused = await Should.ThrowAsync<MeshException>(store.KeepPageAsync(begun, page, Ok(), Walker.Decide(begun.Search, Checkpoint.Start, Ok(), Now, Options), None));

        refused.Reason.ShouldBe(ErrorReason.Unavailable);
        refused.Message.ShouldContain("no room");
        (await store.ListPagesAsync(Lab, onlyUnanswered: false, 0, 10, None)).ShouldBeEmpty();
        (await store.ListInFlightAsync(None)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_heartbeat_fails_while_nothing_can_be_written()
    {
        var store = Open();
        var self = await store.RegisterAsync("one", None);
        await server.FailAsync("update", new BsonDocument("errorCode", 14031), times: 1);

        (await Should.ThrowAsync<MeshException>(store.BeatAsync(self, None))).Reason.ShouldBe(ErrorReason.Unavailable);
        (await store.BeatAsync(self, None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_body_of_the_largest_size_comes_back_although_it_does_not_shrink()
    {
        var store = Open();
        var begun = await BeginAsync(store);
        var body = new byte[16 * 1024 * 1024];
        new Random(1).NextBytes(body);
        var page = Page(begun, Trouble(), begun.Checkpoint.InFlightGrant, body);
        await store.KeepPageAsync(begun, page, Trouble(), new Step.GoOn(begun.Checkpoint with { InFlightGrant = "", Attempt = 1 }), None);

        (await store.FindPageAsync(Lab, page.PageId, None))!.Page.Body.Span.SequenceEqual(body).ShouldBeTrue();
    }

    public void Dispose() => opened.ForEach(each => each.Dispose());

    /// <summary>The call may fail, but only as unavailable; afterwards the server is well again.</summary>
    private async Task DisturbedAsync(string command, string failure, int times, Func<Task> call)
    {
        await server.FailAsync(command, new BsonDocument(failure, true), times);
        try
        {
            await call();
        }
        catch (MeshException away) when (away.Reason is ErrorReason.Unavailable)
        {
            // The caller does not know what came of it.
        }
        finally
        {
            await server.HealAsync();
        }
    }

    private static Task<Submitted> SubmitAsync(ICollectorStore store, params AskedClause[] asked)
    {
        IReadOnlyList<AskedClause> clauses = asked is [] ? [Asked(Tag("a"))] : asked;
        return store.SubmitAsync(Collection("c1"), clauses, [], state => Plan(Collection("c1"), clauses, [], state), None);
    }

    private static async Task<OpenSearch> BeginAsync(ICollectorStore store)
    {
        await SubmitAsync(store);
        var self = await store.RegisterAsync("one", None);
        var open = (await store.ListOpenAsync(awake: null, Now, 10, None)).Single();
        (await store.BeginRequestAsync(open, "g", self, Now, None)).ShouldBeTrue();
        return open with { Checkpoint = open.Checkpoint with { InFlightGrant = "g" } };
    }

    private MongoCollectorStore Open()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:MongoDb", server.ConnectionString)]).Build();
        var connection = MongoConnection.Find(new(configuration), "MongoDb")!;
        var documents = new MongoStore(connection, MongoCollectorSchema.Of(database), TimeProvider.System);
        opened.AddRange([documents, connection]);
        return new(documents, Options);
    }
}
