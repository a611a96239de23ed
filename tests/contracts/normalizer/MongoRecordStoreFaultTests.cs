using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using MongoDB.Driver;
using Shouldly;
using static IssueObservatory.Mesh.Tests.Normalizer.SamplePages;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>Pages and lists while MongoDB, or the way to it, fails at the worst moments.</summary>
public sealed class MongoRecordStoreFaultTests(MongoTestServer server) : IClassFixture<MongoTestServer>, IAsyncLifetime
{
    private static readonly BsonDocument Cut = new("closeConnection", true);
    private static readonly BsonDocument CutAfter = new("closeAfter", true);
    private static readonly BsonDocument LostCursor = new("errorCode", 43);
    private readonly MongoRecordDatabases databases = new(server);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        databases.Dispose();
        await server.HealAsync();
    }

    [Fact]
    public async Task A_page_whose_decision_never_arrived_is_not_kept_and_can_be_kept_again()
    {
        var store = await WarmAsync();
        await server.FailAsync("findAndModify", Cut);
        (await Should.ThrowAsync<MeshException>(store.KeepAsync(Lab, TwoItems, Now, CancellationToken.None))).Reason.ShouldBe(ErrorReason.Unavailable);
        (await databases.Open().SortedAsync(Select("a"))).ShouldBeEmpty();

        (await store.KeepAsync(Lab, TwoItems, Now, CancellationToken.None)).FirstTime.ShouldBeTrue();
        await ShouldHoldTwoAsync();
    }

    [Fact]
    public async Task A_page_whose_decision_was_not_acknowledged_is_kept_once_and_known_to_be()
    {
        var store = await WarmAsync();
        await server.FailAsync("findAndModify", CutAfter);
        (await store.KeepAsync(Lab, TwoItems, Now, CancellationToken.None)).FirstTime.ShouldBeTrue();
        (await databases.Open().KeepAsync(Lab, TwoItems, Now, CancellationToken.None)).FirstTime.ShouldBeFalse();
        await ShouldHoldTwoAsync();
    }

    [Theory]
    [InlineData("closeConnection")]
    [InlineData("closeAfter")]
    public async Task A_page_that_was_decided_and_half_written_is_whole_for_whoever_looks_next(string failure)
    {
        var store = await WarmAsync();
        await server.FailAsync("update", new BsonDocument(failure, true));
        (await store.KeepAsync(Lab, TwoItems, Now, CancellationToken.None)).FirstTime.ShouldBeTrue();
        await ShouldHoldTwoAsync();
    }

    [Fact]
    public async Task A_page_of_many_writers_is_kept_once()
    {
        IRecordStore[] stores = [databases.Open(), databases.Open(), databases.Open()];
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(writer => Task.Run(() => stores[writer % stores.Length].KeepAsync(Lab, TwoItems, Now, CancellationToken.None))));
        outcomes.Count(outcome => outcome.FirstTime).ShouldBe(1);
        outcomes.Select(outcome => outcome.Counts).Distinct().ShouldBe([new PageCounts(2, 2, 0, 0, 0)]);
        await ShouldHoldTwoAsync();
    }

    [Fact]
    public async Task Names_are_durable_before_records_and_a_page_whose_names_cannot_be_kept_is_not()
    {
        var store = await WarmAsync();
        await server.FailAsync("update", new BsonDocument("errorCode", 11600));
        await Should.ThrowAsync<MeshException>(store.KeepAsync(Lab, NamedItem("anna", Now, "p"), Now, CancellationToken.None));
        (await store.SortedAsync(Select("a"))).ShouldBeEmpty();

        await server.FailAsync("findAndModify", Cut);
        await Should.ThrowAsync<MeshException>(store.KeepAsync(Lab, NamedItem("anna", Now, "p"), Now, CancellationToken.None));
        (await databases.AllNamesAsync()).ShouldHaveSingleItem()["username"].AsString.ShouldBe("anna");

        await store.KeepAsync(Lab, NamedItem("anna", Now, "p"), Now, CancellationToken.None);
        (await store.SortedAsync(Select("a") with { Identified = true })).ShouldHaveSingleItem().Names!.Username.ShouldBe("anna");
    }

    [Fact]
    public async Task Of_names_that_many_write_the_latest_reading_stays()
    {
        IRecordStore[] stores = [databases.Open(), databases.Open()];
        await Task.WhenAll(Enumerable.Range(0, 16).Select(hour => Task.Run(() =>
            stores[hour % 2].KeepAsync(Lab, NamedItem($"name-{hour}", Now.AddHours(hour * 7 % 16), $"p{hour}"), Now, CancellationToken.None))));

        // 7 times 9 is 15 modulo 16: that page was fetched last.
        (await stores[0].SortedAsync(Select("a") with { Identified = true })).ShouldHaveSingleItem().Names!.Username.ShouldBe("name-9");
    }

    [Fact]
    public async Task A_list_goes_on_after_a_lost_cursor_without_a_hole_or_a_double()
    {
        var store = await WarmAsync();
        await store.KeepAsync(Lab, Page("p", Now, [.. Enumerable.Range(1, 1300).Select(id => Item($"{id}", "a", upload: id))]), Now, CancellationToken.None);
        List<string> listed = [];
        await foreach (var batch in store.ListSortedAsync(Lab, [Select("a")], CancellationToken.None))
        {
            listed.AddRange(batch.Select(video => video.Stored.Id));
            await server.FailAsync("find", LostCursor, times: 2);
        }

        listed.ShouldBe(Enumerable.Range(1, 1300).Select(id => $"{id}"));
    }

    [Fact]
    public async Task A_list_fails_plainly_when_the_server_does_not_come_back()
    {
        var store = await WarmAsync();
        await store.KeepAsync(Lab, Page("p", Now, [.. Enumerable.Range(1, 600).Select(id => Item($"{id}", "a", upload: id))]), Now, CancellationToken.None);
        var failure = await Should.ThrowAsync<MeshException>(async () =>
        {
            await foreach (var batch in store.ListSortedAsync(Lab, [Select("a")], CancellationToken.None))
            {
                batch.Count.ShouldBe(500);
                await server.FailAsync("find", LostCursor, times: 1000);
            }
        });
        failure.Reason.ShouldBe(ErrorReason.Unavailable);
    }

    [Fact]
    public async Task What_was_kept_outlives_the_server_and_a_list_survives_its_restart()
    {
        await using var mortal = await MongoTestServer.StartAsync();
        using var own = new MongoRecordDatabases(mortal);
        var store = own.Open();
        await store.KeepAsync(Lab, Page("p", Now, [.. Enumerable.Range(1, 600).Select(id => Item($"{id}", "a", upload: id))]), Now, CancellationToken.None);
        List<string> listed = [];
        await foreach (var batch in store.ListSortedAsync(Lab, [Select("a")], CancellationToken.None))
        {
            listed.AddRange(batch.Select(video => video.Stored.Id));
            await mortal.RestartAsync();
        }

        listed.ShouldBe(Enumerable.Range(1, 600).Select(id => $"{id}"));
    }

    [Fact]
    public async Task A_server_that_is_away_is_unavailable_and_nothing_is_half_kept()
    {
        await using var mortal = await MongoTestServer.StartAsync();
        using var own = new MongoRecordDatabases(mortal);
        var store = own.Open();
        await store.KeepAsync(Lab, TwoItems, Now, CancellationToken.None);
        await mortal.KillAsync();
        (await Should.ThrowAsync<MeshException>(store.KeepAsync(Lab, Page("q", Now, Item("3", "a")), Now, CancellationToken.None))).Reason.ShouldBe(ErrorReason.Unavailable);
        await mortal.RestartAsync();
        (await store.SortedAsync(Select("a"))).Count.ShouldBe(2);
        (await store.KeepAsync(Lab, Page("q", Now, Item("3", "a")), Now, CancellationToken.None)).FirstTime.ShouldBeTrue();
    }

    private static NormalizedPage TwoItems => Page("two", Now, Item("1", "a"), Item("2", "a"));

    private static NormalizedPage NamedItem(string name, DateTimeOffset fetchedAt, string page) => Page(page, fetchedAt, Item("1", "a", name: name));

    /// <summary>A store that has connected and made its indexes, so that the next command is the test's.</summary>
    private async Task<MongoRecordStore> WarmAsync()
    {
        var store = databases.Open();
        await store.KeepAsync("another-lab", NamedItem("bo", Now, "warm"), Now, CancellationToken.None);
        await store.FindAsync(Lab, "0", CancellationToken.None);
        var names = server.Client.GetDatabase(databases.Identified.Database).GetCollection<BsonDocument>(MongoRecordSchema.Names);
        await names.DeleteManyAsync(new BsonDocument());
        return store;
    }

    private async Task ShouldHoldTwoAsync()
    {
        var store = databases.Open();
        (await store.SortedAsync(Select("a"))).Select(video => video.Stored.Id).ShouldBe(["1", "2"]);
        (await store.CountAsync(Lab, Select("a"), CancellationToken.None)).Records.ShouldBe(2);
        var changes = await store.ListChangesAsync(Lab, Select("a"), 0, CancellationToken.None);
        (changes.Changes.Count, changes.Through).ShouldBe((2, 2));
        (await databases.AllAsync(MongoRecordSchema.Observations)).Count(observation => observation["_id"].AsString.StartsWith(Lab, StringComparison.Ordinal)).ShouldBe(2);
        (await databases.AllAsync("labs")).ShouldAllBe(lab => lab["pending"].IsBsonNull);
    }
}
