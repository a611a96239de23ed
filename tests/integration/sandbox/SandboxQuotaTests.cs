using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §4: daily buckets and rate limits.</summary>
public sealed class SandboxQuotaTests
{
    [Fact]
    public async Task A_spent_day_is_429_daily_quota_limit_exceeded_until_midnight_utc()
    {
        await using var sandbox = await WithVideosAsync(1, options: new() { DailyRequests = 3 });
        for (var i = 0; i < 3; i++)
        {
            (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        }

        var refused = await sandbox.VideosAsync(Dkpol());
        (refused.Status, refused.Code, refused.ErrorText).ShouldBe((429, "daily_quota_limit_exceeded", "The API daily quota limit exceeded. Please try again later"));
        refused.Message.Headers.RetryAfter.ShouldBeNull();
        sandbox.Server.Clock.SetUtcNow(new(2026, 6, 15, 23, 59, 59, TimeSpan.Zero));
        await sandbox.RenewTokenAsync();
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(429);
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        sandbox.Server.Log.CountedOn(new(2026, 6, 15)).ShouldBe(3);
        sandbox.Server.Log.CountedOn(new(2026, 6, 16), "key").ShouldBe(1);
    }

    [Fact]
    public async Task All_but_followers_share_one_bucket()
    {
        await using var sandbox = await StartAsync(new() { DailyRequests = 2, DailyFollowRequests = 1 });
        var name = sandbox.Server.World.Creators.First(creator => !creator.Refused).Username;
        var follow = System.Text.Json.JsonSerializer.Serialize(new { username = name });
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        (await sandbox.UserAsync(name)).Status.ShouldBe(200);
        (await sandbox.UserAsync(name)).Code.ShouldBe("daily_quota_limit_exceeded");
        (await sandbox.PostAsync("/v2/research/user/followers/", follow)).Status.ShouldBe(200);
        (await sandbox.PostAsync("/v2/research/user/following/", follow)).Code.ShouldBe("daily_quota_limit_exceeded");
        sandbox.Server.Usage.ShouldBe([new("key", new(2026, 6, 15), 2, 2, 1, 1)]);
    }

    [Fact]
    public async Task Client_keys_have_days_of_their_own()
    {
        await using var sandbox = await WithVideosAsync(1, options: new() { DailyRequests = 1 });
        await sandbox.VideosAsync(Dkpol());
        await sandbox.RenewTokenAsync("other");
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Errors_400_and_500_count_and_401_and_429_do_not()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.Script.Enqueue(
            SandboxMatch.VideoQuery,
            SandboxReply.Error(SandboxError.ServerError),
            SandboxReply.Error(SandboxError.CursorInvalid),
            SandboxReply.Html504,
            SandboxReply.Error(SandboxError.TokenInvalid),
            SandboxReply.Error(SandboxError.ScopeNotAuthorized),
            SandboxReply.Error(SandboxError.RateLimited),
            SandboxReply.Error(SandboxError.DailyLimit));
        for (var i = 0; i < 7; i++)
        {
            await sandbox.VideosAsync(Dkpol());
        }

        await sandbox.VideosAsync("{}");
        await sandbox.PostAsync("/v2/research/video/query/?fields=id", Dkpol(), "Bearer nobody");
        var entries = sandbox.Server.Log.Of(SandboxEndpoint.VideoQuery);
        entries.Select(entry => (entry.Status, entry.Counted)).ShouldBe(
            [(500, true), (400, true), (504, true), (401, false), (401, false), (429, false), (429, false), (400, true), (401, false)]);
        sandbox.Server.Usage[0].Used.ShouldBe(4);
    }

    [Fact]
    public async Task Token_calls_cost_nothing()
    {
        await using var sandbox = await WithVideosAsync(1, options: new() { DailyRequests = 1 });
        for (var i = 0; i < 5; i++)
        {
            await sandbox.RenewTokenAsync();
        }

        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Somebody_else_can_have_spent_the_day()
    {
        await using var sandbox = await WithVideosAsync(1, new() { DailyLimitReached = true });
        (await sandbox.VideosAsync(Dkpol())).Code.ShouldBe("daily_quota_limit_exceeded");
        sandbox.Server.Clock.SetUtcNow(new(2026, 6, 16, 0, 0, 0, TimeSpan.Zero));
        await sandbox.RenewTokenAsync();
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_short_limit_is_429_rate_limit_exceeded_a_given_number_of_times()
    {
        await using var sandbox = await WithVideosAsync(1, new() { RateLimitedRequests = 2 });
        (await sandbox.VideosAsync(Dkpol())).Code.ShouldBe("rate_limit_exceeded");
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(429);
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task The_sliding_minute_limits_when_asked_to()
    {
        await using var sandbox = await WithVideosAsync(1, new() { RequestsPerMinute = 2 });
        await sandbox.VideosAsync(Dkpol());
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        await sandbox.VideosAsync(Dkpol());
        (await sandbox.VideosAsync(Dkpol())).Code.ShouldBe("rate_limit_exceeded");
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(429);
    }

    [Fact]
    public async Task Section_4_client_keys_of_one_organisation_share_both_buckets()
    {
        var organisations = new Dictionary<string, string>(StringComparer.Ordinal) { ["key"] = "lab", ["other"] = "lab" };
        await using var sandbox = await WithVideosAsync(1, options: new() { DailyRequests = 3, DailyFollowRequests = 1, Organisations = organisations });
        sandbox.Server.World.Add(new SandboxCreator { Username = "vibe_dk" });
        await sandbox.VideosAsync(Dkpol());
        await sandbox.AskAsync("user/followers", null, new { username = "vibe_dk" });
        await sandbox.RenewTokenAsync("other");
        await sandbox.VideosAsync(Dkpol());
        await sandbox.AskAsync("playlist/info", null, new { playlist_id = 1 });
        (await sandbox.VideosAsync(Dkpol())).Code.ShouldBe("daily_quota_limit_exceeded");
        (await sandbox.AskAsync("user/following", null, new { username = "vibe_dk" })).Code.ShouldBe("daily_quota_limit_exceeded");
        sandbox.Server.Usage.ShouldBe([new("lab", new(2026, 6, 15), 3, 3, 1, 1)]);
        await sandbox.RenewTokenAsync("third");
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
    }
}
