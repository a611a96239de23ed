using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

/// <summary>The same calls at the same times, over days, midnights and clocks that are set back by up to a day: both stores give the same answers.</summary>
public sealed class QuotaStoresAgreeTests(MongoTestServer server) : IClassFixture<MongoTestServer>
{
    private const int Calls = 250;
    private static readonly GrantOutcome[] Outcomes =
        [GrantOutcome.Sent, GrantOutcome.Sent, GrantOutcome.Sent, GrantOutcome.Answered, GrantOutcome.Answered, GrantOutcome.Unknown, GrantOutcome.NeverSent, GrantOutcome.RateLimited];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Both_stores_answer_alike(int seed)
    {
        var random = new Random(seed);
        var clock = new ManualTime(new(2026, 4, 1, 23, 40, 0, TimeSpan.Zero));
        var options = new QuotaGovernorOptions { DailyRequests = 12, MaxInFlight = 1 + (seed % 4), RequestsPerSecond = seed % 2, BackgroundPerHour = 600, InteractiveShare = 0.25 };
        using var folder = new TemporaryFolder();
        using var sqlite = new SqliteQuotaStore(SqliteFile.Open(folder.PathOf("quota.db"), QuotaRows.Schema), options, clock);
        using var stores = new MongoQuotaStores(server);
        IQuotaStore[] governors = [stores.Open(options, clock), stores.Open(options, clock)];
        List<QuotaGrant> grants = [];
        var newest = clock.GetUtcNow();
        for (var call = 0; call < Calls; call++)
        {
            var next = clock.GetUtcNow() + Step(random);
            newest = next > newest ? next : newest;
            clock.SetUtcNow(next > newest.AddDays(-1) ? next : newest.AddDays(-1));
            var mongo = governors[random.Next(2)];
            if (random.Next(12) == 0)
            {
                var (mode, share, cap) = ((PacingMode)random.Next(1, 3), random.Next(5) / 10.0, random.Next(3, 12));
                BudgetPolicy Change(BudgetPolicy policy) => policy with { Mode = mode, InteractiveShare = share, RefreshShare = 1 - share, CallerCaps = policy.CallerCaps.SetItem("arena-1", cap) };
                var key = new QuotaKey("default", random.Next(5) == 0 ? "other" : "default", QuotaBucket.Research);
                await sqlite.UpdatePolicyAsync(key, Change, CancellationToken.None);
                await mongo.UpdatePolicyAsync(key, Change, CancellationToken.None);
            }
            else if (random.Next(12) == 0)
            {
                var at = QuotaBook.Now(clock).AddMinutes(random.Next(-20, 1));
                var demand = new RefreshDemand { At = at, Due = [new(at.AddHours(random.Next(-2, 4)), random.Next(4)), new(at.AddHours(random.Next(4, 30)), random.Next(14))], Days = [random.Next(9)] };
                await sqlite.NoteRefreshDemandAsync("default", demand, CancellationToken.None);
                await mongo.NoteRefreshDemandAsync("default", demand, CancellationToken.None);
            }
            else if (grants.Count == 0 || random.Next(3) == 0)
            {
                var request = new QuotaRequest(
                    new("default", random.Next(5) == 0 ? "other" : "default", QuotaBucket.Research),
                    (Priority)random.Next(1, 4),
                    grants.Count > 0 && random.Next(6) == 0 ? grants[random.Next(grants.Count)].GrantId : new Guid(call, 1, 1, new byte[8]).ToString("N"))
                {
                    Caller = random.Next(3) == 0 ? "arena-1" : "",
                    WantedSince = random.Next(2) == 0 ? clock.GetUtcNow().AddHours(-random.Next(10)) : null,
                };
                var expected = await sqlite.ReserveAsync(request, CancellationToken.None);
                Plain(await mongo.ReserveAsync(request, CancellationToken.None)).ShouldBe(Plain(expected), $"call {call}");
                if (expected is ReserveResult.Granted(var grant))
                {
                    grants.Add(grant);
                }
            }
            else
            {
                // Mostly of late, now and then something that is long in the journal.
                var grant = random.Next(4) == 0 ? grants[random.Next(grants.Count)] : grants[^Math.Min(grants.Count, 1 + random.Next(3))];
                var outcome = random.Next(40) == 0 ? GrantOutcome.DaySpent : Outcomes[random.Next(Outcomes.Length)];
                var expected = await sqlite.SettleAsync("default", grant.GrantId, outcome, CancellationToken.None);
                (await mongo.SettleAsync("default", grant.GrantId, outcome, CancellationToken.None)).ShouldBe(expected, $"call {call}");
            }

            (await ReadAsync(mongo)).ShouldBe(await ReadAsync(sqlite), $"call {call}");
            (await mongo.FindRefreshDemandAsync("default", CancellationToken.None))?.Served.ShouldBe((await sqlite.FindRefreshDemandAsync("default", CancellationToken.None))!.Served, $"call {call}");
        }

        grants.Count.ShouldBeGreaterThan(15, "stores that grant nothing would agree too");
    }

    private static TimeSpan Step(Random random) => random.Next(40) switch
    {
        0 => TimeSpan.FromHours(random.Next(1, 30)),
        1 => TimeSpan.FromHours(-random.Next(1, 20)),
        < 8 => TimeSpan.FromMinutes(random.Next(1, 20)),
        _ => TimeSpan.FromMilliseconds(random.Next(5000)),
    };

    private static object Plain(ReserveResult result) => result is ReserveResult.Refused(var reason, var retryAt) ? (reason, retryAt) : result;

    private static async Task<List<BudgetReading>> ReadAsync(IQuotaStore store) =>
        [.. (await store.ReadAsync("default", "default", CancellationToken.None)).Select(budget => budget.Reading)];
}
