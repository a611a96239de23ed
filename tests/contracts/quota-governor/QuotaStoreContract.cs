using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

/// <summary>What every <see cref="IQuotaStore"/> must keep. <see cref="Open"/> opens the same data each time, as after a crash.</summary>
public abstract class QuotaStoreContract : IDisposable
{
    private const string Lab = "default";
    private static readonly DateTimeOffset Noon = new(2026, 4, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ManualTime clock = new(Noon);
    private int requests;

    private protected QuotaGovernorOptions Options { get; set; } = new() { DailyRequests = 7, InteractiveShare = 0, RequestsPerSecond = 0, MaxInFlight = 4 };

    private protected abstract IQuotaStore Open(QuotaGovernorOptions options, TimeProvider clock);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Grants_exactly_the_limit_and_then_names_the_next_opening()
    {
        var store = Open();
        for (var unit = 1; unit <= 7; unit++)
        {
            var grant = await GrantAsync(store);
            grant.Epoch.ShouldBe(unit);
            grant.Day.ShouldBe(new DateOnly(2026, 4, 1));
            grant.ExpiresAt.ShouldBe(Noon.AddSeconds(30));
            await SpendAsync(store, grant);
        }

        var refused = (await ReserveAsync(store)).ShouldBeOfType<ReserveResult.Refused>();
        refused.Reason.ShouldBe(RefusalReason.DaySpent);
        refused.RetryAt.ShouldBe(new DateTimeOffset(2026, 4, 2, 0, 0, 35, TimeSpan.Zero));
        (await UsedAsync(store)).ShouldBe(7);
    }

    [Fact]
    public async Task Many_callers_at_once_get_exactly_the_limit()
    {
        Options = Options with { MaxInFlight = 4 };
        var store = Open();
        var granted = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 16), async (_, cancellationToken) =>
        {
            for (var attempt = 0; attempt < 200; attempt++)
            {
                switch (await store.ReserveAsync(Request(), cancellationToken))
                {
                    case ReserveResult.Granted(var grant):
                        Interlocked.Increment(ref granted);
                        await SpendAsync(store, grant);
                        break;
                    case ReserveResult.Refused(RefusalReason.DaySpent, _):
                        return;
                    default:
                        await Task.Yield();
                        break;
                }
            }
        });

        granted.ShouldBe(7);
        (await UsedAsync(store)).ShouldBe(7);
    }

    [Fact]
    public async Task Two_stores_on_the_same_data_together_grant_the_limit()
    {
        var stores = new[] { Open(), Open() };
        var granted = 0;
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (await ReserveAsync(stores[attempt % 2]) is ReserveResult.Granted(var grant))
            {
                granted++;
                await SpendAsync(stores[(attempt + 1) % 2], grant);
            }
        }

        granted.ShouldBe(7);
    }

    [Fact]
    public async Task The_same_request_brings_the_same_grant_even_after_a_crash()
    {
        var request = Request();
        var first = (await Open().ReserveAsync(request, CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant;
        var store = Open();
        var second = (await store.ReserveAsync(request, CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant;
        second.ShouldBe(first);
        (await UsedAsync(store)).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_request_for_another_budget_is_refused()
    {
        var store = Open();
        var request = Request();
        await store.ReserveAsync(request, CancellationToken.None);
        (await store.ReserveAsync(request with { Key = request.Key with { Account = "other" } }, CancellationToken.None)).ShouldBeOfType<ReserveResult.RequestIdReused>();
    }

    [Fact]
    public async Task Accounts_buckets_and_labs_do_not_share_units()
    {
        var store = Open();
        await SpendAllAsync(store);
        (await store.ReserveAsync(Request(bucket: QuotaBucket.Follow), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>();
        (await store.ReserveAsync(Request(account: "other"), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>();
        (await store.ReserveAsync(Request(lab: "other"), CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>();
        (await ReserveAsync(store)).ShouldBeOfType<ReserveResult.Refused>();
    }

    [Fact]
    public async Task A_grant_that_is_not_sent_in_time_is_taken_back_and_its_SENT_refused()
    {
        var store = Open();
        var grant = await GrantAsync(store);
        clock.Advance(TimeSpan.FromSeconds(30));
        (await UsedAsync(store)).ShouldBe(0);
        (await SettleAsync(store, grant, GrantOutcome.Sent)).ShouldBeOfType<SettleResult.Forbidden>();
        (await SettleAsync(Open(), grant, GrantOutcome.Sent)).ShouldBeOfType<SettleResult.Forbidden>();
        (await UsedAsync(store)).ShouldBe(0);
    }

    [Fact]
    public async Task A_grant_taken_back_by_a_reserve_stays_taken_back_when_the_clock_goes_back()
    {
        var store = Open();
        var grant = await GrantAsync(store);
        clock.Advance(TimeSpan.FromSeconds(31));
        await GrantAsync(store);
        clock.SetUtcNow(Noon.AddSeconds(5));
        (await SettleAsync(store, grant, GrantOutcome.Sent)).ShouldBeOfType<SettleResult.Forbidden>();
        (await UsedAsync(store)).ShouldBe(1);
    }

    [Fact]
    public async Task A_grant_sent_at_the_last_moment_counts()
    {
        var store = Open();
        var grant = await GrantAsync(store);
        clock.Advance(TimeSpan.FromMilliseconds(29_999));
        (await SettleAsync(store, grant, GrantOutcome.Sent)).ShouldBeOfType<SettleResult.Settled>();
        clock.Advance(TimeSpan.FromHours(1));
        (await UsedAsync(store)).ShouldBe(1);
    }

    [Theory]
    [InlineData(GrantOutcome.NeverSent, 0)]
    [InlineData(GrantOutcome.RateLimited, 0)]
    [InlineData(GrantOutcome.Answered, 1)]
    [InlineData(GrantOutcome.Unknown, 1)]
    [InlineData(GrantOutcome.DaySpent, 7)]
    public async Task An_outcome_charges_what_TikTok_may_have_counted_and_repeats_change_nothing(GrantOutcome outcome, long used)
    {
        var store = Open();
        var grant = await GrantAsync(store);
        await SettleAsync(store, grant, GrantOutcome.Sent);
        for (var times = 0; times < 3; times++)
        {
            (await SettleAsync(store, grant, outcome)).ShouldBeOfType<SettleResult.Settled>();
            (await UsedAsync(store)).ShouldBe(used);
            store = Open();
        }
    }

    [Theory]
    [InlineData(GrantOutcome.Answered, GrantOutcome.NeverSent, 2)]
    [InlineData(GrantOutcome.Unknown, GrantOutcome.NeverSent, 2)]
    [InlineData(GrantOutcome.NeverSent, GrantOutcome.RateLimited, 1)]
    [InlineData(GrantOutcome.RateLimited, GrantOutcome.NeverSent, 1)]
    [InlineData(GrantOutcome.NeverSent, GrantOutcome.Answered, 2)]
    public async Task A_contradicting_report_never_gives_a_unit_back_a_second_time(GrantOutcome first, GrantOutcome then, long used)
    {
        var store = Open();
        await SpendAsync(store, await GrantAsync(store));
        var grant = await GrantAsync(store);
        await SettleAsync(store, grant, GrantOutcome.Sent);
        await SettleAsync(store, grant, first);
        await SettleAsync(store, grant, then);
        await SettleAsync(store, grant, first);
        await SettleAsync(store, grant, then);
        (await UsedAsync(store)).ShouldBe(used);
    }

    [Fact]
    public async Task After_day_spent_not_one_more_is_granted_that_day_even_if_units_come_back()
    {
        var store = Open();
        var first = await GrantAsync(store);
        var second = await GrantAsync(store);
        await SettleAsync(store, first, GrantOutcome.Sent);
        await SettleAsync(store, first, GrantOutcome.DaySpent);
        await SettleAsync(store, second, GrantOutcome.NeverSent);
        (await UsedAsync(store)).ShouldBe(7);
        foreach (var hours in new[] { 0, 3, 11 })
        {
            clock.SetUtcNow(Noon.AddHours(hours));
            (await ReserveAsync(Open())).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.DaySpent);
        }

        clock.SetUtcNow(new(2026, 4, 2, 0, 0, 35, TimeSpan.Zero));
        (await GrantAsync(Open())).Day.ShouldBe(new DateOnly(2026, 4, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task No_unit_leaks_when_nothing_was_sent(int seed)
    {
        var random = new Random(seed);
        var store = Open();
        for (var step = 0; step < 150; step++)
        {
            if (await ReserveAsync(store) is ReserveResult.Granted(var grant) && random.Next(3) > 0)
            {
                if (random.Next(2) == 0)
                {
                    await SettleAsync(store, grant, GrantOutcome.Sent);
                    await SettleAsync(store, grant, GrantOutcome.NeverSent);
                }

                await SettleAsync(store, grant, GrantOutcome.NeverSent);
            }

            clock.Advance(TimeSpan.FromSeconds(random.Next(20)));
            store = random.Next(5) == 0 ? Open() : store;
        }

        clock.Advance(TimeSpan.FromSeconds(30));
        (await UsedAsync(store)).ShouldBe(0);
        await SpendAllAsync(store);
        (await UsedAsync(store)).ShouldBe(7);
    }

    [Fact]
    public async Task A_request_without_outcome_is_paid_for_ever_but_frees_its_place_after_330_seconds()
    {
        Options = Options with { MaxInFlight = 1 };
        var store = Open();
        var lost = await GrantAsync(store);
        await SettleAsync(store, lost, GrantOutcome.Sent);
        clock.Advance(TimeSpan.FromSeconds(329));
        (await ReserveAsync(Open())).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.InFlight);
        clock.Advance(TimeSpan.FromSeconds(1));
        await SpendAsync(store, await GrantAsync(Open()));
        clock.Advance(TimeSpan.FromHours(3));
        (await UsedAsync(store)).ShouldBe(2);
    }

    [Theory]
    [InlineData(GrantOutcome.Unspecified, 2)]
    [InlineData(GrantOutcome.Answered, 1)]
    public async Task Only_what_has_no_outcome_before_midnight_is_paid_by_both_days(GrantOutcome outcome, long usedTomorrow)
    {
        var store = Open();
        clock.SetUtcNow(new(2026, 4, 1, 23, 50, 0, TimeSpan.Zero));
        var grant = await GrantAsync(store);
        await SettleAsync(store, grant, GrantOutcome.Sent);
        if (outcome is not GrantOutcome.Unspecified)
        {
            await SettleAsync(store, grant, outcome);
        }

        clock.SetUtcNow(new(2026, 4, 2, 0, 1, 0, TimeSpan.Zero));
        await SpendAsync(store, await GrantAsync(store));
        (await UsedAsync(store)).ShouldBe(usedTomorrow);
        if (outcome is GrantOutcome.Unspecified)
        {
            await SettleAsync(store, grant, GrantOutcome.Answered);
            (await UsedAsync(store)).ShouldBe(2, "TikTok may have counted it on either day");
        }
    }

    [Fact]
    public async Task Sent_before_midnight_and_proven_unsent_after_it_gives_back_both_days()
    {
        var store = Open();
        clock.SetUtcNow(new(2026, 4, 1, 23, 59, 20, TimeSpan.Zero));
        var grant = await GrantAsync(store);
        await SettleAsync(store, grant, GrantOutcome.Sent);
        clock.SetUtcNow(new(2026, 4, 2, 0, 1, 0, TimeSpan.Zero));
        (await UsedAsync(store)).ShouldBe(1);
        await SettleAsync(store, grant, GrantOutcome.NeverSent);
        (await UsedAsync(store)).ShouldBe(0);
    }

    [Fact]
    public async Task No_grant_within_35_seconds_of_midnight()
    {
        var store = Open();
        foreach (var seconds in new[] { -35.0, -1, 0, 34.999 })
        {
            clock.SetUtcNow(new DateTimeOffset(2026, 4, 2, 0, 0, 0, TimeSpan.Zero).AddSeconds(seconds));
            var refused = (await ReserveAsync(store)).ShouldBeOfType<ReserveResult.Refused>();
            refused.Reason.ShouldBe(RefusalReason.Midnight);
            refused.RetryAt.ShouldBe(new DateTimeOffset(2026, 4, 2, 0, 0, 35, TimeSpan.Zero));
        }

        clock.SetUtcNow(new(2026, 4, 2, 0, 0, 35, TimeSpan.Zero));
        await GrantAsync(store);
    }

    [Fact]
    public async Task The_pace_survives_a_crash()
    {
        Options = Options with { RequestsPerSecond = 1, DailyRequests = 100 };
        await SpendAsync(Open(), await GrantAsync(Open()));
        var refused = (await ReserveAsync(Open())).ShouldBeOfType<ReserveResult.Refused>();
        refused.Reason.ShouldBe(RefusalReason.Paced);
        refused.RetryAt.ShouldBeInRange(Noon.AddMilliseconds(900), Noon.AddSeconds(1));
        clock.SetUtcNow(refused.RetryAt.AddMilliseconds(1));
        await GrantAsync(Open());
    }

    [Fact]
    public async Task A_pause_that_TikTok_asked_for_survives_a_crash()
    {
        var store = Open();
        var grant = await GrantAsync(store);
        await SettleAsync(store, grant, GrantOutcome.Sent);
        await SettleAsync(store, grant, GrantOutcome.RateLimited);
        var refused = (await ReserveAsync(Open())).ShouldBeOfType<ReserveResult.Refused>();
        refused.Reason.ShouldBe(RefusalReason.RateLimited);
        refused.RetryAt.ShouldBeInRange(Noon.AddSeconds(1), Noon.AddSeconds(1.25));
    }

    [Fact]
    public async Task Nobody_else_may_settle_a_labs_grant()
    {
        var store = Open();
        var grant = await GrantAsync(store);
        (await store.SettleAsync("other", grant.GrantId, GrantOutcome.NeverSent, CancellationToken.None)).ShouldBeOfType<SettleResult.NotFound>();
        (await store.SettleAsync(Lab, "nothing", GrantOutcome.NeverSent, CancellationToken.None)).ShouldBeOfType<SettleResult.NotFound>();
        (await UsedAsync(store)).ShouldBe(1);
    }

    [Fact]
    public async Task Reading_shows_both_budgets_of_the_default_account_and_of_all_others_in_order()
    {
        var store = Open();
        (await store.ReadAsync(Lab, "default", CancellationToken.None)).Select(budget => (budget.Reading.Key.Account, budget.Reading.Key.Bucket, budget.Reading.Limit))
            .ShouldBe([("default", QuotaBucket.Research, 7), ("default", QuotaBucket.Follow, 20_000)]);
        await store.ReserveAsync(Request(account: "aarhus"), CancellationToken.None);
        var budgets = await store.ReadAsync(Lab, "default", CancellationToken.None);
        budgets.Select(budget => budget.Reading.Key.Account).ShouldBe(["aarhus", "aarhus", "default", "default"]);
        budgets[0].Reading.InFlight.ShouldBe(1);
        budgets[0].Reading.ResetsAt.ShouldBe(new DateTimeOffset(2026, 4, 2, 0, 0, 35, TimeSpan.Zero));
    }

    [Fact]
    public async Task Each_change_has_a_higher_number_than_all_before()
    {
        var store = Open();
        var seen = 0L;
        async Task Rose()
        {
            var highest = (await Open().ReadAsync(Lab, "default", CancellationToken.None)).Max(budget => budget.Sequence);
            highest.ShouldBeGreaterThan(seen);
            seen = highest;
        }

        var grant = await GrantAsync(store);
        await Rose();
        await store.ReserveAsync(Request(account: "other"), CancellationToken.None);
        await Rose();
        await SettleAsync(store, grant, GrantOutcome.NeverSent);
        await Rose();
        await store.MarkAnnouncedAsync(new(Lab, "default"), new(2026, 4, 2), CancellationToken.None);
        await Rose();
    }

    [Fact]
    public async Task The_opening_of_a_day_is_announced_once_per_account()
    {
        var store = Open();
        await GrantAsync(store);
        await store.ReserveAsync(Request(lab: "other"), CancellationToken.None);
        (await store.ListUnannouncedAsync(new(2026, 4, 1), CancellationToken.None)).ShouldBeEmpty();
        (await store.ListUnannouncedAsync(new(2026, 4, 2), CancellationToken.None)).ShouldBe([new(Lab, "default"), new("other", "default")]);
        await store.MarkAnnouncedAsync(new(Lab, "default"), new(2026, 4, 2), CancellationToken.None);
        (await Open().ListUnannouncedAsync(new(2026, 4, 2), CancellationToken.None)).ShouldBe([new("other", "default")]);
    }

    [Fact]
    public async Task A_policy_decides_at_once_and_outlives_a_crash()
    {
        var store = Open();
        await UpdateAsync(store, policy => policy with { InteractiveShare = 0.5, RefreshShare = 0.5 });
        for (var unit = 1; unit <= 4; unit++)
        {
            await SpendAsync(store, (await ReserveAsync(store, Priority.Backfill)).ShouldBeOfType<ReserveResult.Granted>().Grant);
        }

        (await ReserveAsync(Open(), Priority.Backfill)).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.Reserved);
        var reading = await ReadingAsync(Open());
        (reading.Policy.InteractiveShare, reading.Policy.RefreshShare, reading.Policy.BackgroundPerHour, reading.Kept).ShouldBe((0.5, 0.5, 40, 3));
    }

    [Fact]
    public async Task Two_changes_of_a_policy_both_stay_and_one_that_is_refused_changes_nothing()
    {
        var stores = new[] { Open(), Open() };
        await UpdateAsync(stores[0], policy => policy with { BackgroundPerHour = 7 });
        await UpdateAsync(stores[1], policy => policy with { Mode = PacingMode.Burst });
        await Should.ThrowAsync<FormatException>(() => UpdateAsync(stores[0], _ => throw new FormatException()));
        var policy = (await ReadingAsync(Open())).Policy;
        (policy.BackgroundPerHour, policy.Mode).ShouldBe((7, PacingMode.Burst));
    }

    [Fact]
    public async Task A_changed_policy_is_a_change_and_the_same_policy_is_none()
    {
        var store = Open();
        await UpdateAsync(store, policy => policy with { BackgroundPerHour = 7 });
        var before = await SequenceAsync(store);
        before.ShouldBePositive();
        await UpdateAsync(store, policy => policy with { BackgroundPerHour = 7 });
        (await SequenceAsync(store)).ShouldBe(before);
        await UpdateAsync(store, policy => policy with { BackgroundPerHour = 8 });
        (await SequenceAsync(store)).ShouldBeGreaterThan(before);
    }

    [Fact]
    public async Task The_policy_of_one_budget_is_not_anothers()
    {
        var store = Open();
        await UpdateAsync(store, policy => policy with { BackgroundPerHour = 7 });
        (await store.ReadAsync(Lab, "default", CancellationToken.None)).Single(budget => budget.Reading.Key.Bucket is QuotaBucket.Follow).Reading.Policy.BackgroundPerHour.ShouldBe(40);
        (await store.ReadAsync("other", "default", CancellationToken.None)).ShouldAllBe(budget => budget.Reading.Policy.BackgroundPerHour == 40);
    }

    [Fact]
    public async Task A_callers_cap_counts_what_it_used_and_not_what_came_back()
    {
        var store = Open();
        await UpdateAsync(store, policy => policy with { CallerCaps = policy.CallerCaps.Add("arena-1", 2) });
        var first = (await ReserveAsync(store, Priority.Interactive, "arena-1")).ShouldBeOfType<ReserveResult.Granted>().Grant;
        await SpendAsync(store, (await ReserveAsync(store, Priority.Backfill, "arena-1")).ShouldBeOfType<ReserveResult.Granted>().Grant);
        (await ReserveAsync(Open(), Priority.Interactive, "arena-1")).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.CallerCap);
        (await ReserveAsync(store, Priority.Interactive, "arena-2")).ShouldBeOfType<ReserveResult.Granted>();
        await SettleAsync(store, first, GrantOutcome.NeverSent);
        (await ReserveAsync(Open(), Priority.Interactive, "arena-1")).ShouldBeOfType<ReserveResult.Granted>();
        clock.SetUtcNow(Noon.AddDays(1));
        (await ReserveAsync(Open(), Priority.Interactive, "arena-1")).ShouldBeOfType<ReserveResult.Granted>();
    }

    [Fact]
    public async Task What_refreshes_need_is_told_once_and_an_older_word_changes_nothing()
    {
        var store = Open();
        (await store.FindRefreshDemandAsync(Lab, CancellationToken.None)).ShouldBeNull();
        await NoteAsync(store, Noon, 5);
        await NoteAsync(store, Noon.AddMinutes(-1), 9);
        (await ReserveAsync(store, Priority.Refresh)).ShouldBeOfType<ReserveResult.Granted>();
        await NoteAsync(store, Noon, 5);
        var demand = (await Open().FindRefreshDemandAsync(Lab, CancellationToken.None)).ShouldNotBeNull();
        demand.At.ShouldBe(Noon);
        demand.Due.ShouldBe([new(Noon.AddHours(3), 5)]);
        demand.Days.ShouldBe([5, 0, 2]);
        demand.Served.ShouldBe(1, "the same word again does not bring back what was served");
        (await store.FindRefreshDemandAsync("other", CancellationToken.None)).ShouldBeNull();
        await NoteAsync(Open(), Noon.AddMinutes(1), 9);
        (await store.FindRefreshDemandAsync(Lab, CancellationToken.None))!.Served.ShouldBe(0);
    }

    [Fact]
    public async Task A_deadline_that_leaves_no_choice_puts_refreshes_first_until_they_are_served()
    {
        var store = Open();
        await NoteAsync(store, Noon, 7);
        (await ReserveAsync(store, Priority.Interactive)).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.RefreshDue);
        (await ReserveAsync(store, Priority.Backfill)).ShouldBeOfType<ReserveResult.Refused>().Reason.ShouldBe(RefusalReason.Reserved);
        var grant = (await ReserveAsync(store, Priority.Refresh)).ShouldBeOfType<ReserveResult.Granted>().Grant;
        await SettleAsync(store, grant, GrantOutcome.NeverSent);
        (await store.FindRefreshDemandAsync(Lab, CancellationToken.None))!.Served.ShouldBe(0, "a unit that came back has served nothing");
        for (var unit = 1; unit <= 7; unit++)
        {
            await SpendAsync(store, (await ReserveAsync(Open(), Priority.Refresh)).ShouldBeOfType<ReserveResult.Granted>().Grant);
        }

        (await store.FindRefreshDemandAsync(Lab, CancellationToken.None))!.Served.ShouldBe(7);
    }

    [Fact]
    public async Task After_some_days_what_people_wanted_at_this_hour_is_kept_for_them()
    {
        Options = Options with { DailyRequests = 20, InteractiveShare = 0.1 };
        var store = Open();
        for (var day = 0; day < 4; day++)
        {
            // Asked for at eighteen, granted in the night: it counts for eighteen.
            clock.SetUtcNow(Noon.AddDays(day).AddHours(-10));
            for (var unit = 0; unit < 6; unit++)
            {
                var request = Request() with { WantedSince = Noon.AddDays(day).AddHours(-18) };
                await SpendAsync(store, (await store.ReserveAsync(request, CancellationToken.None)).ShouldBeOfType<ReserveResult.Granted>().Grant);
            }
        }

        clock.SetUtcNow(Noon.AddDays(4));
        (await ReadingAsync(Open())).Kept.ShouldBe(6);
        clock.SetUtcNow(Noon.AddDays(4).AddHours(7));
        (await ReadingAsync(Open())).Kept.ShouldBe(0);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private static Task<SettleResult> SettleAsync(IQuotaStore store, QuotaGrant grant, GrantOutcome outcome) =>
        store.SettleAsync(grant.Key.LabId, grant.GrantId, outcome, CancellationToken.None);

    private static async Task SpendAsync(IQuotaStore store, QuotaGrant grant)
    {
        (await SettleAsync(store, grant, GrantOutcome.Sent)).ShouldBeOfType<SettleResult.Settled>();
        (await SettleAsync(store, grant, GrantOutcome.Answered)).ShouldBeOfType<SettleResult.Settled>();
    }

    private static async Task<long> UsedAsync(IQuotaStore store) =>
        (await store.ReadAsync(Lab, "default", CancellationToken.None)).Single(budget => budget.Reading.Key == new QuotaKey(Lab, "default", QuotaBucket.Research)).Reading.Used;

    private IQuotaStore Open() => Open(Options, clock);

    private QuotaRequest Request(string lab = Lab, string account = "default", QuotaBucket bucket = QuotaBucket.Research) =>
        new(new(lab, account, bucket), Priority.Interactive, new Guid(Interlocked.Increment(ref requests), 0, 0, new byte[8]).ToString("N"));

    private Task<ReserveResult> ReserveAsync(IQuotaStore store) => store.ReserveAsync(Request(), CancellationToken.None);

    private Task<ReserveResult> ReserveAsync(IQuotaStore store, Priority priority, string caller = "") =>
        store.ReserveAsync(Request() with { Priority = priority, Caller = caller }, CancellationToken.None);

    private static Task UpdateAsync(IQuotaStore store, Func<BudgetPolicy, BudgetPolicy> change) =>
        store.UpdatePolicyAsync(new(Lab, "default", QuotaBucket.Research), change, CancellationToken.None);

    private static Task NoteAsync(IQuotaStore store, DateTimeOffset at, long units) =>
        store.NoteRefreshDemandAsync(Lab, new() { At = at, Due = [new(Noon.AddHours(3), units)], Days = [units, 0, 2] }, CancellationToken.None);

    private static async Task<BudgetReading> ReadingAsync(IQuotaStore store) => (await FindAsync(store)).Reading;

    private static async Task<long> SequenceAsync(IQuotaStore store) => (await FindAsync(store)).Sequence;

    private static async Task<StoredBudget> FindAsync(IQuotaStore store) =>
        (await store.ReadAsync(Lab, "default", CancellationToken.None)).Single(budget => budget.Reading.Key == new QuotaKey(Lab, "default", QuotaBucket.Research));

    private async Task<QuotaGrant> GrantAsync(IQuotaStore store) => (await ReserveAsync(store)).ShouldBeOfType<ReserveResult.Granted>().Grant;

    private async Task SpendAllAsync(IQuotaStore store)
    {
        while (await ReserveAsync(store) is ReserveResult.Granted(var grant))
        {
            await SpendAsync(store, grant);
        }
    }
}
