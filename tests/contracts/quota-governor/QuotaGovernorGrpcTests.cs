using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using IssueObservatory.Mesh.Contracts.Defaults;
using IssueObservatory.Mesh.Defaults;
using IssueObservatory.Mesh.Messages;
using IssueObservatory.Mesh.QuotaGovernor;
using IssueObservatory.Mesh.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.Governor;

/// <summary>The service as others meet it: a real host, real gRPC, a real file, a clock of ours.</summary>
public sealed class QuotaGovernorGrpcTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualTime clock = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Units_are_reserved_sent_settled_and_shown()
    {
        await using var host = await StartAsync(("QUOTA_DAILY_REQUESTS", "2"));
        var client = Client(host);
        var first = await client.ReserveQuotaAsync(Request(1), host.AsService());
        (await client.ReserveQuotaAsync(Request(1), host.AsService())).ShouldBe(first);
        first.Grant.Day.ShouldBe("2026-04-01");
        first.Grant.ExpiresAt.ToDateTimeOffset().ShouldBe(clock.GetUtcNow().AddSeconds(30));
        await SpendAsync(client, host, first.Grant);
        await SpendAsync(client, host, (await client.ReserveQuotaAsync(Request(2), host.AsService())).Grant);

        var refusal = (await client.ReserveQuotaAsync(Request(3), host.AsService())).Refusal;
        refusal.Reason.ShouldBe(RefusalReason.DaySpent);
        refusal.RetryAt.ToDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 4, 2, 0, 0, 35, TimeSpan.Zero));

        var quotas = (await client.GetQuotaAsync(new(), host.AsService())).Quotas;
        quotas.Select(quota => (quota.Account, quota.Bucket, quota.Used, quota.Limit)).ShouldBe(
            [("default", QuotaBucket.Research, 2, 2), ("default", QuotaBucket.Follow, 0, 20_000)]);
        (await client.GetQuotaAsync(new(), host.AsService("another-lab"))).Quotas.ShouldAllBe(quota => quota.Used == 0);
    }

    [Fact]
    public async Task A_policy_is_changed_shown_and_refused_with_what_is_allowed()
    {
        await using var host = await StartAsync(("QUOTA_DAILY_REQUESTS", "200"));
        var client = Client(host);
        var asked = new UpdatePolicyRequest
        {
            Bucket = QuotaBucket.Research,
            Policy = new() { Mode = PacingMode.Burst, InteractiveShare = 0.25, RefreshShare = 0.75, CallerCaps = { ["arena-1"] = 50 } },
            UpdateMask = new() { Paths = { "mode", "interactive_share", "refresh_share", "caller_caps" } },
        };
        var changed = (await client.UpdatePolicyAsync(asked, host.AsService())).Quota;
        changed.Kept.ShouldBe(50);
        (await client.GetQuotaAsync(new(), host.AsService())).Quotas[0].ShouldBe(changed);
        changed.Policy.ShouldBe(new() { Mode = PacingMode.Burst, BackgroundPerHour = 40, InteractiveShare = 0.25, RefreshShare = 0.75, CallerCaps = { ["arena-1"] = 50 } });
        (await client.GetQuotaAsync(new(), host.AsService("another-lab"))).Quotas[0].Policy.Mode.ShouldBe(PacingMode.Paced);

        asked.Policy.InteractiveShare = 0.5;
        var refused = await Should.ThrowAsync<RpcException>(async () => await client.UpdatePolicyAsync(asked, host.AsService()));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Status.Detail.ShouldContain("together they must be at most 1");
        (await client.GetQuotaAsync(new(), host.AsService())).Quotas[0].ShouldBe(changed);
    }

    [Fact]
    public async Task A_share_that_nobody_has_set_gives_way_and_the_answer_says_so()
    {
        await using var host = await StartAsync();
        var client = Client(host);
        var asked = new UpdatePolicyRequest { Bucket = QuotaBucket.Research, Policy = new() { InteractiveShare = 0.6 }, UpdateMask = new() { Paths = { "interactive_share" } } };

        var answer = await client.UpdatePolicyAsync(asked, host.AsService());

        answer.Moved.ShouldBe(["refresh_share"]);
        answer.Quota.Policy.RefreshShare.ShouldBe(0.4);
        (await client.UpdatePolicyAsync(asked, host.AsService())).Moved.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_forecast_names_the_first_day_that_needs_too_much()
    {
        await using var host = await StartAsync(("QUOTA_DAILY_REQUESTS", "200"));
        var client = Client(host);
        (await client.GetForecastAsync(new(), host.AsService())).ShouldBe(new() { Available = 180 });
        var at = clock.GetUtcNow();
        await new RefreshDemandChangedHandler(host.Services.GetRequiredService<IQuotaStore>()).HandleAsync(
            new() { LabId = "lab-1", At = at.AddMinutes(-1), Due = [new() { By = at.AddHours(5), Units = 3 }], Days = [180, 181, 7] }, CancellationToken.None);
        var forecast = await client.GetForecastAsync(new(), host.AsService());
        forecast.Days.Select(day => (day.Day, day.Units)).ShouldBe([("2026-04-01", 180), ("2026-04-02", 181), ("2026-04-03", 7)]);
        forecast.FirstDayOver.ShouldBe("2026-04-02");
        forecast.CountedAt.ToDateTimeOffset().ShouldBe(at.AddMinutes(-1));
    }

    [Fact]
    public async Task Sent_too_late_is_forbidden()
    {
        await using var host = await StartAsync();
        var client = Client(host);
        var grant = (await client.ReserveQuotaAsync(Request(1), host.AsService())).Grant;
        clock.Advance(TimeSpan.FromSeconds(30));
        var refused = await Should.ThrowAsync<RpcException>(async () => await SettleAsync(client, host, grant, GrantOutcome.Sent));
        refused.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (await client.GetQuotaAsync(new(), host.AsService())).Quotas[0].Used.ShouldBe(0);
    }

    [Fact]
    public async Task Bad_input_is_named_all_at_once_and_an_unknown_grant_is_not_found()
    {
        await using var host = await StartAsync();
        var client = Client(host);
        var refused = await Should.ThrowAsync<RpcException>(async () => await client.ReserveQuotaAsync(new() { Account = "Åben!" }, host.AsService()));
        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        foreach (var field in new[] { "account", "bucket", "priority", "request_id" })
        {
            refused.Status.Detail.ShouldContain($"{field} must be");
        }

        (await Should.ThrowAsync<RpcException>(async () => await client.SettleQuotaAsync(new() { GrantId = "x", Outcome = GrantOutcome.Answered }, host.AsService())))
            .StatusCode.ShouldBe(StatusCode.NotFound);
        await client.ReserveQuotaAsync(Request(1), host.AsService());
        var other = Request(1);
        other.Bucket = QuotaBucket.Follow;
        (await Should.ThrowAsync<RpcException>(async () => await client.ReserveQuotaAsync(other, host.AsService()))).StatusCode.ShouldBe(StatusCode.AlreadyExists);
    }

    [Fact]
    public async Task A_watch_begins_with_the_present_and_goes_on_where_it_broke()
    {
        await using var host = await StartAsync();
        var client = Client(host);
        long seen;
        using (var watch = client.WatchQuota(new(), host.AsService()))
        {
            (await NextAsync(watch)).Quota.Used.ShouldBe(0);
            (await NextAsync(watch)).Quota.Used.ShouldBe(0);
            var grant = (await client.ReserveQuotaAsync(Request(1), host.AsService())).Grant;
            var changed = await NextAsync(watch);
            changed.Quota.Used.ShouldBe(1);
            changed.Quota.InFlight.ShouldBe(1);
            seen = changed.Sequence;
            await SettleAsync(client, host, grant, GrantOutcome.NeverSent);
        }

        using var again = client.WatchQuota(new() { AfterSequence = seen }, host.AsService());
        var missed = await NextAsync(again);
        missed.Sequence.ShouldBeGreaterThan(seen);
        missed.Quota.Used.ShouldBe(0);
    }

    [Fact]
    public async Task A_clock_that_TikTok_contradicts_stops_the_grants()
    {
        await using var host = await StartAsync(("QuotaGovernor:RefereeClock", "true"));
        var client = Client(host);
        var grant = (await client.ReserveQuotaAsync(Request(1), host.AsService())).Grant;
        await SettleAsync(client, host, grant, GrantOutcome.Sent);
        await client.SettleQuotaAsync(
            new() { GrantId = grant.GrantId, Outcome = GrantOutcome.Answered, ServerDate = clock.GetUtcNow().AddSeconds(-31).ToTimestamp() }, host.AsService());
        (await client.ReserveQuotaAsync(Request(2), host.AsService())).Refusal.Reason.ShouldBe(RefusalReason.ClockSkew);
        clock.SetUtcNow(clock.GetUtcNow().AddSeconds(-31));
        (await client.ReserveQuotaAsync(Request(3), host.AsService())).Grant.ShouldNotBeNull();
    }

    [Fact]
    public async Task Each_day_that_opens_is_announced_once_even_if_the_process_slept_over_it()
    {
        HeardResets.Heard.Clear();
        await using (var host = await StartAsync())
        {
            await Client(host).ReserveQuotaAsync(Request(1), host.AsService());
            await clock.UntilArmedAsync(1, TestContext.Current.CancellationToken);
            clock.SetUtcNow(new(2026, 4, 2, 0, 0, 36, TimeSpan.Zero));
            await UntilAsync(() => HeardResets.Heard.Count == 1);
        }

        clock.SetUtcNow(new(2026, 4, 5, 9, 0, 0, TimeSpan.Zero));
        await using (await StartAsync())
        {
            await UntilAsync(() => HeardResets.Heard.Count == 2);
        }

        await using (var third = await StartAsync())
        {
            await Client(third).GetQuotaAsync(new(), third.AsService());
        }

        HeardResets.Heard.ShouldBe(
        [
            new QuotaReset { LabId = "lab-1", Account = "default", Day = "2026-04-02" },
            new QuotaReset { LabId = "lab-1", Account = "default", Day = "2026-04-05" },
        ]);
    }

    [Theory]
    [InlineData("QUOTA_DAILY_REQUESTS", "0", "QUOTA_DAILY_REQUESTS")]
    [InlineData("QUOTA_DAILY_REQUESTS", "many", "QUOTA_DAILY_REQUESTS must be a whole number")]
    [InlineData("QuotaGovernor:RequestsPerSecond", "6", "QuotaGovernor:RequestsPerSecond must be a number from 0")]
    [InlineData("QuotaGovernor:MidnightGuard", "00:00:30", "QuotaGovernor:MidnightGuard must be longer")]
    [InlineData("QuotaGovernor:DefaultAccount", "Not Allowed", "QuotaGovernor:DefaultAccount must be 1 to 64")]
    public async Task A_bad_option_stops_the_start_and_is_named(string name, string value, string expected)
    {
        var refused = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync((name, value)));
        refused.Message.ShouldContain(expected);
    }

    private static V1.QuotaGovernor.QuotaGovernorClient Client(DefaultsHost host) => new(host.Internal);

    private static ReserveQuotaRequest Request(int number) => new()
    {
        Bucket = QuotaBucket.Research, Priority = Priority.Interactive, RequestId = new Guid(number, 0, 0, new byte[8]).ToString(),
    };

    private static async Task SettleAsync(V1.QuotaGovernor.QuotaGovernorClient client, DefaultsHost host, Grant grant, GrantOutcome outcome) =>
        await client.SettleQuotaAsync(new() { GrantId = grant.GrantId, Outcome = outcome }, host.AsService());

    private static async Task SpendAsync(V1.QuotaGovernor.QuotaGovernorClient client, DefaultsHost host, Grant grant)
    {
        await SettleAsync(client, host, grant, GrantOutcome.Sent);
        await SettleAsync(client, host, grant, GrantOutcome.Answered);
    }

    private static async Task<WatchQuotaResponse> NextAsync(AsyncServerStreamingCall<WatchQuotaResponse> watch)
    {
        (await watch.ResponseStream.MoveNext(TestContext.Current.CancellationToken)).ShouldBeTrue();
        return watch.ResponseStream.Current;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }

    private Task<DefaultsHost> StartAsync(params (string Name, string Value)[] settings) => DefaultsHost.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.AddQuotaGovernor();
            builder.Services.AddEventHandler<QuotaReset, HeardResets>("quota-governor-tests");
        },
        app => app.MapQuotaGovernor(),
        settings.Append((Name: "Mesh:DataFolder", Value: folder.Path)).Append((Name: "QuotaGovernor:RequestsPerSecond", Value: "0"))
            .GroupBy(setting => setting.Name, StringComparer.Ordinal).ToDictionary(same => same.Key, same => (string?)same.First().Value, StringComparer.Ordinal),
        "quota-governor");

    private sealed class HeardResets : IEventHandler<QuotaReset>
    {
        public static ConcurrentQueue<QuotaReset> Heard { get; } = new();

        public Task HandleAsync(QuotaReset message, CancellationToken cancellationToken)
        {
            Heard.Enqueue(message);
            return Task.CompletedTask;
        }
    }
}
