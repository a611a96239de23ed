using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.CollectorStores.Sample;

namespace IssueObservatory.Mesh.Tests.CollectorStores;

/// <summary>Several processes on one store: who counts, and who holds a request.</summary>
public abstract partial class CollectorStoreContract
{
    [Fact]
    public async Task A_name_counts_for_whoever_took_it_last()
    {
        var first = await Store.RegisterAsync("one", None);
        var other = await Store.RegisterAsync("two", None);
        (await Store.BeatAsync(first, None)).ShouldBeTrue();
        var second = await Store.RegisterAsync("one", None);

        second.Epoch.ShouldBe(first.Epoch + 1);
        (await Store.BeatAsync(first, None)).ShouldBeFalse();
        (await Store.BeatAsync(second, None)).ShouldBeTrue();
        (await Store.BeatAsync(second, None)).ShouldBeTrue();
        (await Store.ListHeartbeatsAsync(None)).ShouldBe([new(second, 2), new(other, 0)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_name_that_many_take_at_once_gives_each_an_epoch_of_its_own()
    {
        var store = Store;
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.RegisterAsync("one", None))));

        taken.Select(holder => holder.Epoch).Order().ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
    }

    [Fact]
    public async Task Whose_name_was_taken_begins_no_request()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a"))]);
        var old = await Store.RegisterAsync("one", None);
        await Store.RegisterAsync("one", None);

        var open = (await OpenAsync()).Single();
        (await Store.BeginRequestAsync(open, "g", old, Now, None)).ShouldBeFalse();
        (await Store.BeginRequestAsync(open, "g", new("nobody", 1), Now, None)).ShouldBeFalse();

        (await Store.ListInFlightAsync(None)).ShouldBeEmpty();
        (await FactsAsync("c1")).Collection.Sent.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_in_flight_says_who_holds_it()
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a")), Asked(Word("x"))]);
        var one = await Store.RegisterAsync("one", None);
        var two = await Store.RegisterAsync("two", None);
        var open = await OpenAsync();
        open.ShouldAllBe(each => each.Holder == null);
        (await Store.BeginRequestAsync(open[0], "g1", one, Now, None)).ShouldBeTrue();
        (await Store.BeginRequestAsync(open[1], "g2", two, Now, None)).ShouldBeTrue();

        (await Store.ListInFlightAsync(None)).ToDictionary(each => each.Checkpoint.InFlightGrant, each => each.Holder)
            .ShouldBe(new Dictionary<string, Holder?> { ["g1"] = one, ["g2"] = two }, ignoreOrder: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task However_several_processes_take_turns_die_and_wake_up_no_request_is_sent_twice(int seed)
    {
        await SubmitAsync(Collection("c1"), [Asked(Tag("a")), Asked(Word("x")), Asked(Word("y"))]);
        var sent = new SentRequests();
        var store = Store;
        var stores = new[] { store, Beside(store) };
        await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Run(() => new PageTaker(stores[i], $"p{i}", sent, new Random((seed * 10) + i)).RunAsync(40))));

        sent.Twice.ShouldBeEmpty();
        sent.Count.ShouldBeGreaterThan(20);
        foreach (var lost in await Store.ListInFlightAsync(None))
        {
            await Store.ForgetRequestAsync(lost, None);
        }

        var collection = (await FactsAsync("c1")).Collection;
        collection.ShouldSatisfyAllConditions(
            _ => collection.Sent.ShouldBe(sent.Count),
            _ => collection.Sent.ShouldBe(collection.Ok + collection.Failed));
        collection.State.ShouldBe(CollectionState.Running);
    }
}
