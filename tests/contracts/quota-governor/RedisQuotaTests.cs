using System.Globalization;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

/// <summary>What Redis is for the governor: it may forget, hang or die at any time, and the count does not change.</summary>
public sealed class RedisQuotaTests(MongoTestServer mongo) : IClassFixture<MongoTestServer>, IAsyncLifetime
{
    private const string Lab = "default";
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly QuotaKey Key = new(Lab, "default", QuotaBucket.Research);

    private readonly MongoQuotaStores stores = new(mongo);
    private readonly ManualTime clock = new(Noon);
    private RedisServer server = null!;
    private RedisConnection redis = null!;
    private QuotaGovernorOptions options = new() { InteractiveShare = 0, RequestsPerSecond = 0, MaxInFlight = 4 };
    private int requests;

    public async ValueTask InitializeAsync()
    {
        server = await RedisServer.StartAsync();
        redis = server.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        await redis.DisposeAsync();
        await server.DisposeAsync();
        stores.Dispose();
    }

    [Fact]
    public async Task Redis_forgets_everything_at_990_of_1000_and_nothing_happens_to_the_count()
    {
        await SpentAsync(990);
        var (store, _) = Open(redis);
        var mirror = Mirror(store);
        await mirror.ShowAsync(Lab, CancellationToken.None);
        (await server.SayAsync("GET", "credential:quota:default:daily")).ShouldBe("990");
        await server.FlushAllAsync();
        var granted = 0;
        while (await store.ReserveAsync(Request(), CancellationToken.None) is ReserveResult.Granted(var grant))
        {
            granted++;
            await SpendAsync(store, grant);
            await server.FlushAllAsync();
        }

        granted.ShouldBe(10);
        (await store.ReserveAsync(Request(), CancellationToken.None)).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.DaySpent);
        await mirror.ShowAsync(Lab, CancellationToken.None);
        (await server.SayAsync("GET", "credential:quota:default:daily")).ShouldBe("1000");
    }

    [Fact]
    public async Task Grants_go_on_while_Redis_is_dead()
    {
        var (store, _) = Open(redis);
        await SpendAsync(store, await GrantAsync(store));
        await server.KillAsync();
        for (var unit = 0; unit < 5; unit++)
        {
            await SpendAsync(store, await GrantAsync(store));
        }

        (await UsedAsync(store)).ShouldBe(6);
    }

    [Fact]
    public async Task A_grant_waits_a_moment_only_for_a_Redis_that_takes_five_seconds()
    {
        await using var proxy = TcpProxy.Start(server.Port);
        await using var slow = RedisConnections.Open($"127.0.0.1:{proxy.Port}");
        var (store, _) = Open(slow);
        await SpendAsync(store, await GrantAsync(store));
        proxy.Delay = TimeSpan.FromSeconds(5);
        var begun = TimeProvider.System.GetTimestamp();
        for (var unit = 0; unit < 10; unit++)
        {
            await SpendAsync(store, await GrantAsync(store));
        }

        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(10), "ten grants and their reports; one alone would take 15 s if it waited for Redis");
        (await UsedAsync(store)).ShouldBe(11);
    }

    [Fact]
    public async Task A_refusal_is_repeated_without_a_decision_until_a_unit_may_be_there()
    {
        options = options with { DailyRequests = 1 };
        var (store, decided) = Open(redis);
        var grant = await GrantAsync(store);
        await store.SettleAsync(Lab, grant.GrantId, GrantOutcome.Sent, CancellationToken.None);
        clock.Advance(TimeSpan.FromSeconds(330));
        var first = (await store.ReserveAsync(Request(), CancellationToken.None)).ShouldBeOfType<ReserveResult.Refused>();
        first.Reason.ShouldBe(RefusalReason.DaySpent);
        var before = decided.Count;
        for (var times = 0; times < 3; times++)
        {
            var again = (await store.ReserveAsync(Request(), CancellationToken.None)).ShouldBeOfType<ReserveResult.Refused>();
            (again.Reason, again.RetryAt).ShouldBe((first.Reason, first.RetryAt));
        }

        decided.Count.ShouldBe(before);

        // The holder of the grant repeats its call: that is no new question. Then it says that it never sent.
        (await store.ReserveAsync(new(Key, Priority.Interactive, grant.GrantId), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>();
        await store.SettleAsync(Lab, grant.GrantId, GrantOutcome.NeverSent, CancellationToken.None);
        await GrantAsync(store);
    }

    [Fact]
    public async Task A_unit_that_is_never_sent_comes_back_through_the_gate_by_itself()
    {
        options = options with { DailyRequests = 10, InteractiveShare = 0.9 };
        var (store, _) = Open(redis);
        (await store.ReserveAsync(Request(Priority.Backfill), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>();
        (await store.ReserveAsync(Request(Priority.Backfill), CancellationToken.None)).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.Reserved);
        clock.Advance(TimeSpan.FromSeconds(30));
        (await store.ReserveAsync(Request(Priority.Backfill), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>();
    }

    [Fact]
    public async Task What_background_work_is_refused_interactive_work_may_get()
    {
        options = options with { DailyRequests = 1, InteractiveShare = 1 };
        var (store, decided) = Open(redis);
        for (var times = 0; times < 2; times++)
        {
            (await store.ReserveAsync(Request(Priority.Backfill), CancellationToken.None)).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.Reserved);
        }

        decided.Count.ShouldBe(1);
        await store.ReserveAsync(Request(Priority.Refresh), CancellationToken.None);
        decided.Count.ShouldBe(2, "refreshes have rules of their own");
        await GrantAsync(store);
    }

    [Fact]
    public async Task The_mirror_shows_whole_numbers_until_midnight_and_never_an_older_look()
    {
        var (store, _) = Open(redis);
        await SpendAsync(store, await GrantAsync(store));
        await store.ReserveAsync(new(new("aarhus", "other", QuotaBucket.Follow), Priority.Interactive, new Guid(9, 9, 9, new byte[8]).ToString("N")), CancellationToken.None);
        var mirror = Mirror(store);
        await mirror.ShowAsync(Lab, CancellationToken.None);
        await mirror.ShowAsync("aarhus", CancellationToken.None);
        (await server.SayAsync("GET", "credential:quota:default:daily")).ShouldBe("1");
        (await server.SayAsync("GET", "credential:quota:default:daily:follow")).ShouldBe("0");
        (await server.SayAsync("GET", "credential:quota:aarhus:other:daily:follow")).ShouldBe("1");
        int.Parse(await server.SayAsync("TTL", "credential:quota:default:daily"), CultureInfo.InvariantCulture).ShouldBeInRange((12 * 3600) - 60, 12 * 3600);

        // Another governor has looked later and shown more.
        await server.SayAsync("SET", "credential:quota:default:daily", "7");
        await server.SayAsync("SET", "credential:quota:default:daily:sequence", "1000");
        await mirror.ShowAsync(Lab, CancellationToken.None);
        (await server.SayAsync("GET", "credential:quota:default:daily")).ShouldBe("7");
    }

    private (IQuotaStore Store, CountingQuotaStore Decided) Open(RedisConnection connection)
    {
        var counting = new CountingQuotaStore(stores.Open(options, clock));
        return (new GatedQuotaStore(counting, new RedisPaceGate(connection, clock)), counting);
    }

    private RedisQuotaMirror Mirror(IQuotaStore store) => new(store, redis, new(), options, clock, new NoLifetime());

    /// <summary>A day on which so many units were paid before.</summary>
    private async Task SpentAsync(int units)
    {
        var documents = new MongoQuotaDocuments(mongo.Client.GetDatabase(stores.Schema.Database));
        var day = new DateOnly(2026, 4, 1);
        var lab = LabBudgets.Nothing(Lab).With(new() { Key = Key, Today = day, Charges = [new(day, units, units, SpendsDay: false)], Course = Course.Start(0) }, options);
        (await documents.TryReplaceAsync(LabBudgets.Nothing(Lab), lab, CancellationToken.None)).ShouldBeTrue();
    }

    private QuotaRequest Request(Priority priority = Priority.Interactive) => new(Key, priority, new Guid(++requests, 0, 0, new byte[8]).ToString("N"));

    private async Task<QuotaGrant> GrantAsync(IQuotaStore store) =>
        (await store.ReserveAsync(Request(), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant;

    private static async Task SpendAsync(IQuotaStore store, QuotaGrant grant)
    {
        (await store.SettleAsync(Lab, grant.GrantId, GrantOutcome.Sent, CancellationToken.None)).ShouldBeOfType<SettleResult.Settled>();
        (await store.SettleAsync(Lab, grant.GrantId, GrantOutcome.Answered, CancellationToken.None)).ShouldBeOfType<SettleResult.Settled>();
    }

    private static async Task<long> UsedAsync(IQuotaStore store) =>
        (await store.ReadAsync(Lab, "default", CancellationToken.None)).Single(budget => budget.Reading.Key == Key).Reading.Used;

    /// <summary>Counts the requests that had to be decided about.</summary>
    private sealed class CountingQuotaStore(IQuotaStore store) : IQuotaStore
    {
        public int Count { get; private set; }

        public Task<ReserveResult> ReserveAsync(QuotaRequest request, CancellationToken cancellationToken)
        {
            Count++;
            return store.ReserveAsync(request, cancellationToken);
        }

        public Task<SettleResult> SettleAsync(string labId, string grantId, GrantOutcome outcome, CancellationToken cancellationToken) =>
            store.SettleAsync(labId, grantId, outcome, cancellationToken);

        public Task<IReadOnlyList<StoredBudget>> ReadAsync(string labId, string account, CancellationToken cancellationToken) => store.ReadAsync(labId, account, cancellationToken);

        public Task UpdatePolicyAsync(QuotaKey key, Func<BudgetPolicy, BudgetPolicy> change, CancellationToken cancellationToken) => store.UpdatePolicyAsync(key, change, cancellationToken);

        public Task NoteRefreshDemandAsync(string labId, RefreshDemand demand, CancellationToken cancellationToken) => store.NoteRefreshDemandAsync(labId, demand, cancellationToken);

        public Task<RefreshDemand?> FindRefreshDemandAsync(string labId, CancellationToken cancellationToken) => store.FindRefreshDemandAsync(labId, cancellationToken);

        public Task<IReadOnlyList<KnownAccount>> ListUnannouncedAsync(DateOnly day, CancellationToken cancellationToken) => store.ListUnannouncedAsync(day, cancellationToken);

        public Task MarkAnnouncedAsync(KnownAccount account, DateOnly day, CancellationToken cancellationToken) => store.MarkAnnouncedAsync(account, day, cancellationToken);
    }

    private sealed class NoLifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
