using IssueObservatory.Mesh.Collector;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Collections;

/// <summary>A store that cannot be reached, at the start and in between: no unit is spent on a page that could not be kept, and nobody gives up.</summary>
public sealed class StoreAwayTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly CollectionSpec Spec = new() { Terms = { "#dkpol" }, Days = new() { From = "2026-01-01", To = "2026-01-03" } };

    private readonly TemporaryFolder folder = new();
    private readonly ManualTime time = new();
    private readonly QuotaBook quota = new();
    private readonly TokenBook tokens = new();
    private readonly ReadyNormalizer normalizer = new();
    private ScriptedTikTok tiktok = null!;
    private SqliteCollectorStore file = null!;
    private Moody store = null!;

    public async ValueTask InitializeAsync()
    {
        tiktok = await ScriptedTikTok.StartAsync();
        file = new(SqliteFile.Open(folder.PathOf("collector.db"), CollectorSchema.Steps), new());
    }

    public async ValueTask DisposeAsync()
    {
        await tiktok.DisposeAsync();
        file.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("RegisterAsync")]
    [InlineData("BeatAsync")]
    [InlineData("ListOpenAsync")]
    [InlineData("BeginRequestAsync")]
    public async Task While_a_page_could_not_be_kept_nothing_is_sent_and_no_unit_is_spent(string call)
    {
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);
        store.Away[call] = 0;

        (await collector.RunUntilAsync(_ => Task.FromResult(store.Away[call] > 3))).ShouldBeTrue();
        tiktok.Requests.ShouldBeEmpty();
        quota.Charged.ShouldBe(0);
        if (call is "RegisterAsync" or "BeatAsync")
        {
            quota.Asked.ShouldBe(0);
        }

        store.Away.Clear();
        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
        tiktok.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_page_in_hand_is_kept_as_soon_as_the_store_is_back_and_asked_for_once()
    {
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);
        store.Away["KeepPageAsync"] = 0;

        (await collector.RunUntilAsync(_ => Task.FromResult(store.Away["KeepPageAsync"] > 5))).ShouldBeTrue();
        tiktok.Requests.Count.ShouldBe(1);
        store.Away.Clear();

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
        tiktok.Requests.Count.ShouldBe(3);
        (await file.FindAsync("default", id, None))!.ShouldSatisfyAllConditions(collection => collection.Ok.ShouldBe(3), collection => collection.Failed.ShouldBe(0));
    }

    [Fact]
    public async Task A_request_that_this_process_lost_while_the_store_was_away_is_taken_up_again()
    {
        quota.Down.Add(GrantOutcome.Sent);
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);
        store.Away["AbandonRequestAsync"] = 0;

        (await collector.RunUntilAsync(_ => Task.FromResult(store.Away["AbandonRequestAsync"] > 0))).ShouldBeTrue();
        quota.Down.Clear();
        store.Away.Clear();

        (await collector.RunToTheEndAsync(id)).ShouldBeTrue();
        tiktok.Requests.Count.ShouldBe(3);
        (await file.FindAsync("default", id, None))!.State.ShouldBe(CollectionState.Complete);
    }

    [Fact]
    public async Task Who_waits_for_the_same_is_told_once_until_it_has_waited()
    {
        await using var collector = Start();
        var id = await RunningCollector.SubmitAsync(collector.Commands, Spec);
        var states = new CollectionStates(file, normalizer, new(new()), new(), time);
        await WaitAsync();
        var told = (await file.FindAsync("default", id, None))!.Sequence;

        time.Advance(TimeSpan.FromSeconds(1));
        await WaitAsync();
        (await file.FindAsync("default", id, None))!.Sequence.ShouldBe(told);
        time.Advance(TimeSpan.FromSeconds(4));
        await WaitAsync();
        (await file.FindAsync("default", id, None))!.Sequence.ShouldBe(told + 1);

        Task WaitAsync() => states.WaitAsync([id], "default", "the store", time.GetUtcNow().AddSeconds(5), None);
    }

    private RunningCollector Start()
    {
        (var proxy, store) = Moody.Around<ICollectorStore>(file);
        return new(proxy, tiktok, time, quota, tokens, normalizer);
    }
}
