using System.Collections.Concurrent;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using MongoDB.Bson;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

/// <summary>Governors that share a database, lose answers, and find no server; and where lines and days go.</summary>
public sealed class MongoQuotaFaultTests(MongoTestServer server) : IClassFixture<MongoTestServer>, IDisposable
{
    private const string Lab = "default";
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly QuotaKey Key = new(Lab, "default", QuotaBucket.Research);
    private static readonly BsonDocument Cut = new() { ["closeConnection"] = true };
    private static readonly BsonDocument CutAfter = new() { ["closeAfter"] = true };

    private readonly MongoQuotaStores stores = new(server);
    private readonly ManualTime clock = new(Noon);
    private readonly QuotaGovernorOptions options = new() { DailyRequests = 60, InteractiveShare = 0, RequestsPerSecond = 0, MaxInFlight = 4 };
    private int requests;

    public void Dispose() => stores.Dispose();

    [Fact]
    public async Task Two_governors_together_never_grant_more_than_the_limit_and_no_number_twice()
    {
        var governors = new[] { Open(), Open() };
        var grants = new ConcurrentBag<QuotaGrant>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (caller, cancellationToken) =>
        {
            var store = governors[caller % 2];
            while (await store.ReserveAsync(Request(), cancellationToken) is not ReserveResult.Refused { Reason: RefusalReason.DaySpent } and var result)
            {
                if (result is ReserveResult.Granted(var grant))
                {
                    grants.Add(grant);
                    await SpendAsync(governors[(caller + 1) % 2], grant);
                }
            }
        });

        grants.Count.ShouldBe(60);
        grants.Select(grant => grant.Epoch).Order().ShouldBe(Enumerable.Range(1, 60).Select(number => (long)number));
        (await UsedAsync(Open())).ShouldBe(60);
    }

    [Theory]
    [InlineData("findAndModify", true)]
    [InlineData("findAndModify", false)]
    [InlineData("find", false)]
    public async Task A_lost_connection_is_no_lost_and_no_second_grant(string command, bool isDone)
    {
        var store = Open();
        await SpendAsync(store, await GrantAsync(store));
        await server.FailAsync(command, isDone ? CutAfter : Cut, times: 2);
        var request = Request();
        var grant = (await store.ReserveAsync(request, CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant;
        grant.Epoch.ShouldBe(2);
        (await Open().ReserveAsync(request, CancellationToken.None)).ShouldBe(new ReserveResult.Granted(grant));
        await server.FailAsync(command, isDone ? CutAfter : Cut, times: 2);
        await SpendAsync(store, grant);
        (await UsedAsync(store)).ShouldBe(2);
        await server.HealAsync();
    }

    [Fact]
    public async Task A_lost_answer_about_lines_that_leave_loses_none_of_them()
    {
        var store = Open();
        var first = await GrantAsync(store);
        await SpendAsync(store, first);
        await SpendAsync(store, 15);
        await server.FailAsync("update", CutAfter, times: 2);
        await SpendAsync(store, 5);
        (await LinesAsync()).ShouldBeGreaterThanOrEqualTo(16);
        (await store.SettleAsync(Lab, first.GrantId, GrantOutcome.Sent, CancellationToken.None)).ShouldBeOfType<SettleResult.Forbidden>();
        (await UsedAsync(store)).ShouldBe(21);
        await server.HealAsync();
    }

    [Fact]
    public async Task Without_MongoDB_nothing_is_granted_and_that_is_said_within_five_seconds()
    {
        await using var own = await MongoTestServer.StartAsync();
        using var there = new MongoQuotaStores(own);
        using var impatient = new MongoQuotaStores(own) { Patience = null, Schema = there.Schema };
        await SpendAsync(there.Open(options, clock), await GrantAsync(there.Open(options, clock)));
        var store = impatient.Open(options, clock);
        await own.KillAsync();
        var begun = TimeProvider.System.GetTimestamp();
        var refused = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Should.ThrowAsync<MeshException>(() => store.ReserveAsync(Request(), CancellationToken.None))));
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(8), "4.5 s on a machine with time for it");
        refused.ShouldAllBe(error => error.Reason == ErrorReason.Unavailable && error.Message.StartsWith("MongoDB ", StringComparison.Ordinal));

        await own.RestartAsync();
        (await GrantAsync(there.Open(options, clock))).Epoch.ShouldBe(2);
        (await UsedAsync(there.Open(options, clock))).ShouldBe(2);
    }

    [Fact]
    public async Task A_MongoDB_that_hangs_is_waited_for_no_longer_than_one_that_is_gone()
    {
        using var impatient = new MongoQuotaStores(server) { Patience = null, Schema = stores.Schema };
        var store = impatient.Open(options, clock);
        await GrantAsync(Open());
        await server.FailAsync("find", new() { ["blockConnection"] = true, ["blockTimeMS"] = 9000 }, times: 1);
        var begun = TimeProvider.System.GetTimestamp();
        (await Should.ThrowAsync<MeshException>(() => store.ReserveAsync(Request(), CancellationToken.None))).Reason.ShouldBe(ErrorReason.Unavailable);
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(8));
        await server.HealAsync();
    }

    [Fact]
    public async Task Settled_grants_leave_for_the_journal_and_are_found_there_for_ever()
    {
        var store = Open();
        var request = Request();
        var first = (await store.ReserveAsync(request, CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant;
        await store.SettleAsync(Lab, first.GrantId, GrantOutcome.NeverSent, CancellationToken.None);
        await SpendAsync(store, 40);
        (await LinesAsync()).ShouldBeInRange(32, 41);
        var document = await LabDocumentAsync();
        document["budgets"][0]["grants"].AsBsonArray.Count.ShouldBeLessThan(18);

        var again = (await store.ReserveAsync(request, CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant;
        again.ShouldBe(first with { State = GrantState.NeverSent, Charged = false, SettledAt = Noon });
        (await store.ReserveAsync(request with { Key = Key with { Account = "other" } }, CancellationToken.None)).ShouldBeOfType<ReserveResult.RequestIdReused>();

        // TikTok answered after all: the day pays, once.
        await store.SettleAsync(Lab, first.GrantId, GrantOutcome.Answered, CancellationToken.None);
        await store.SettleAsync(Lab, first.GrantId, GrantOutcome.Answered, CancellationToken.None);
        (await UsedAsync(store)).ShouldBe(41);
        await SpendAsync(store, 17);
        (await UsedAsync(Open())).ShouldBe(58);
        var settled = (await store.ReserveAsync(request, CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant;
        settled.State.ShouldBe(GrantState.Answered);
        settled.Charged.ShouldBeTrue();
    }

    [Fact]
    public async Task A_line_that_a_paused_governor_writes_late_changes_nothing()
    {
        var documents = new MongoQuotaDocuments(server.Client.GetDatabase(stores.Schema.Database));
        var grant = new QuotaGrant { Key = Key, GrantId = "a", Priority = Priority.Interactive, Day = new(2026, 4, 1), Epoch = 1, GrantedAt = Noon, ExpiresAt = Noon };
        LabBudgets Leaving(GrantState state, long version) =>
            new(Lab, version, [new() { Key = Key, Course = Course.Start(1), AnnouncedDay = default, Grants = [new(grant with { State = state }, version)] }]);

        await documents.WriteAsync(Leaving(GrantState.Answered, 9), CancellationToken.None);
        await documents.WriteAsync(Leaving(GrantState.NeverSent, 4), CancellationToken.None);
        await documents.WriteAsync(Leaving(GrantState.Answered, 9), CancellationToken.None);
        (await documents.FindGrantAsync(LabBudgets.Nothing(Lab), "a", CancellationToken.None)).ShouldNotBeNull().State.ShouldBe(GrantState.Answered);
    }

    [Fact]
    public async Task Past_days_are_kept_and_count_again_when_the_clock_is_set_back_to_them()
    {
        var store = Open();
        await SpendAsync(store, 3);
        foreach (var (day, units) in new[] { (1, 1), (2, 2), (31, 3), (32, 4) })
        {
            clock.SetUtcNow(Noon.AddDays(day));
            await SpendAsync(store, units);
        }

        (await server.AllAsync(stores.Schema.Database, "quota_days")).Select(document => (document["day"].AsString, document["used"].AsInt64))
            .ShouldBe([("2026-04-01", 3), ("2026-04-02", 1), ("2026-04-03", 2)]);
        clock.SetUtcNow(Noon);
        (await UsedAsync(Open())).ShouldBe(3);
        await SpendAsync(store, 57);
        (await store.ReserveAsync(Request(), CancellationToken.None)).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.DaySpent);
    }

    [Fact]
    public async Task A_grant_that_a_dead_governor_gave_holds_its_place_until_it_ends_by_itself()
    {
        await GrantAsync(Open(options with { MaxInFlight = 1 }));
        var next = Open(options with { MaxInFlight = 1 });
        (await next.ReserveAsync(Request(), CancellationToken.None)).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.InFlight);
        clock.Advance(TimeSpan.FromSeconds(30));
        await GrantAsync(next);
        (await UsedAsync(next)).ShouldBe(1);
    }

    private static async Task SpendAsync(IQuotaStore store, QuotaGrant grant)
    {
        (await store.SettleAsync(Lab, grant.GrantId, GrantOutcome.Sent, CancellationToken.None)).ShouldBeOfType<SettleResult.Settled>();
        (await store.SettleAsync(Lab, grant.GrantId, GrantOutcome.Answered, CancellationToken.None)).ShouldBeOfType<SettleResult.Settled>();
    }

    private static async Task<long> UsedAsync(IQuotaStore store) =>
        (await store.ReadAsync(Lab, "default", CancellationToken.None)).Single(budget => budget.Reading.Key == Key).Reading.Used;

    private MongoQuotaStore Open(QuotaGovernorOptions? settings = null) => stores.Open(settings ?? options, clock);

    private QuotaRequest Request() => new(Key, Priority.Interactive, new Guid(Interlocked.Increment(ref requests), 0, 0, new byte[8]).ToString("N"));

    private async Task<QuotaGrant> GrantAsync(IQuotaStore store) =>
        (await store.ReserveAsync(Request(), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant;

    private async Task SpendAsync(IQuotaStore store, int units)
    {
        for (var unit = 0; unit < units; unit++)
        {
            await SpendAsync(store, await GrantAsync(store));
        }
    }

    private async Task<int> LinesAsync() => (await server.AllAsync(stores.Schema.Database, "quota_journal")).Count;

    private async Task<BsonDocument> LabDocumentAsync() => (await server.AllAsync(stores.Schema.Database, "quota_budgets")).ShouldHaveSingleItem();
}
