using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §5.7 to §5.9 and §11: lasting faults.</summary>
public sealed class SandboxFaultTests
{
    [Fact]
    public async Task A_token_can_be_refused_after_a_number_of_requests()
    {
        await using var sandbox = await WithVideosAsync(1, new() { TokenValidRequests = 2 });
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        (await sandbox.VideosAsync(Dkpol())).Code.ShouldBe("access_token_invalid");
        await sandbox.RenewTokenAsync();
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_token_can_be_refused_earlier_than_it_promised()
    {
        await using var sandbox = await WithVideosAsync(1, new() { TokenValidFor = TimeSpan.FromMinutes(10) });
        sandbox.Server.Clock.Advance(TimeSpan.FromMinutes(9));
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        sandbox.Server.Clock.Advance(TimeSpan.FromMinutes(1));
        (await sandbox.VideosAsync(Dkpol())).Code.ShouldBe("access_token_invalid");
    }

    [Fact]
    public async Task Tokens_can_be_revoked()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.RevokeTokens();
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(401);
    }

    [Theory]
    [InlineData("hashtag_name", "dkpol", "hashtag", 500)]
    [InlineData("hashtag_name", "dkpol", null, 500)]
    [InlineData("hashtag_name", "dkpol", "keyword", 200)]
    [InlineData("keyword", "folketinget", "keyword", 500)]
    [InlineData("username", "fjord.for.kommunen", "username", 500)]
    [InlineData("video_id", "1", "id", 500)]
    [InlineData("region_code", "DK", "hashtag", 200)]
    [InlineData("region_code", "DK", null, 500)]
    public async Task A_blackout_is_500_for_its_class_always_and_counts(string field, string value, string? @class, int status)
    {
        await using var sandbox = await WithVideosAsync(1, new() { Blackouts = [new(new(2026, 2, 10), new(2026, 2, 12), @class)] });
        for (var i = 0; i < 3; i++)
        {
            var reply = await sandbox.VideosAsync(Body(Query(Condition(field, "EQ", value))));
            reply.Status.ShouldBe(status);
            reply.Code.ShouldBe(status == 500 ? "internal_error" : "ok");
        }

        sandbox.Server.Usage[0].Used.ShouldBe(3);
    }

    [Theory]
    [InlineData("20260201", "20260209", 200)]
    [InlineData("20260201", "20260210", 500)]
    [InlineData("20260212", "20260228", 500)]
    [InlineData("20260213", "20260228", 200)]
    public async Task A_blackout_hits_every_window_that_touches_it(string start, string end, int status)
    {
        await using var sandbox = await WithVideosAsync(1, new() { Blackouts = [new(new(2026, 2, 10), new(2026, 2, 12), "hashtag")] });
        (await sandbox.VideosAsync(Body(Query(Condition("hashtag_name", "EQ", "dkpol")), start, end))).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData(SandboxError.SearchIdInvalid, 400, "invalid_params", "is invalid or expired")]
    [InlineData(SandboxError.CursorInvalid, 400, "invalid_params", "Invalid count or cursor")]
    [InlineData(SandboxError.ServerError, 500, "internal_error", "Something is wrong. Please try again later.")]
    public async Task A_fresh_search_id_is_refused_in_three_shapes_until_it_works(SandboxError error, int status, string code, string message)
    {
        await using var sandbox = await WithVideosAsync(150, new() { SearchIdNotReadyTries = 3, SearchIdNotReadyError = error });
        var first = await sandbox.VideosAsync(Dkpol());
        for (var i = 0; i < 3; i++)
        {
            var refused = await sandbox.VideosAsync(Page(first));
            (refused.Status, refused.Code).ShouldBe((status, code));
            refused.ErrorText.ShouldNotBeNull().ShouldContain(message);
        }

        (await sandbox.VideosAsync(Page(first))).Ids.Count.ShouldBe(50);
        sandbox.Server.Usage[0].Used.ShouldBe(5);
    }

    [Fact]
    public async Task A_search_id_can_expire_for_good()
    {
        await using var sandbox = await WithVideosAsync(350, new() { SearchIdExpiresAfterPages = 2 });
        var first = await sandbox.VideosAsync(Dkpol());
        var second = await sandbox.VideosAsync(Page(first));
        for (var i = 0; i < 2; i++)
        {
            var refused = await sandbox.VideosAsync(Page(second));
            (refused.Status, refused.ErrorText).ShouldBe((400, $"Search Id {first.SearchId} is invalid or expired"));
        }
    }

    [Theory]
    [InlineData(1, new[] { 0, 100, 0, 100, 0, 50 })]
    [InlineData(2, new[] { 100, 0, 100, 50 })]
    public async Task Empty_pages_have_more_and_lose_nothing(int every, int[] counts)
    {
        await using var sandbox = await WithVideosAsync(250, new() { EmptyPageEvery = every });
        var pages = await sandbox.AllPagesAsync();
        pages.Select(page => page.Ids.Count).ShouldBe(counts);
        pages.SkipLast(1).ShouldAllBe(page => page.HasMore);
        pages.SelectMany(page => page.Ids).Distinct().Count().ShouldBe(250);
    }

    [Fact]
    public async Task Short_pages_lose_nothing()
    {
        await using var sandbox = await WithVideosAsync(300, new() { ShortPages = 0.5 });
        var pages = await sandbox.AllPagesAsync();
        pages[0].Ids.Count.ShouldBeInRange(30, 70);
        pages[^1].Cursor.ShouldBeInRange(500, 700);
        pages.SelectMany(page => page.Ids).Distinct().Count().ShouldBe(300);
    }

    [Fact]
    public async Task Fields_can_be_missing_from_a_share_of_the_records()
    {
        await using var sandbox = await WithVideosAsync(100, new() { MissingFields = new Dictionary<string, double>(StringComparer.Ordinal) { ["like_count"] = 0.3, ["username"] = 1 } });
        var once = await sandbox.VideosAsync(Dkpol());
        once.Videos.Count(video => video.TryGetProperty("username", out _)).ShouldBe(0);
        once.Videos.Count(video => video.TryGetProperty("like_count", out _)).ShouldBeInRange(55, 85);
        once.Videos.Count(video => video.TryGetProperty("view_count", out _)).ShouldBe(100);
        var again = await sandbox.VideosAsync(Dkpol());
        again.Videos.Select(video => video.TryGetProperty("like_count", out _)).ShouldBe(once.Videos.Select(video => video.TryGetProperty("like_count", out _)));
    }

    [Fact]
    public async Task Later_pages_can_spell_regions_in_lower_case()
    {
        await using var sandbox = await WithVideosAsync(150, new() { LowerCaseRegionOnLaterPages = true });
        var pages = await sandbox.AllPagesAsync();
        pages[0].Videos[0].GetProperty("region_code").GetString().ShouldBe("DK");
        pages[1].Videos[0].GetProperty("region_code").GetString().ShouldBe("dk");
    }

    [Fact]
    public async Task A_scope_can_be_missing_for_one_endpoint_alone()
    {
        await using var sandbox = await WithVideosAsync(1, new() { ScopeNotAuthorized = [SandboxEndpoint.UserInfo] });
        var refused = await sandbox.UserAsync("anyone");
        (refused.Status, refused.Code, refused.ErrorText).ShouldBe((401, "scope_not_authorized", "The user did not authorize the scope required for completing this request."));
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Faults_can_be_changed_while_it_runs()
    {
        await using var sandbox = await WithVideosAsync(1, new() { Blackouts = [new(new(2026, 2, 1), new(2026, 2, 28))] });
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(500);
        sandbox.Server.Faults = new();
        (await sandbox.VideosAsync(Dkpol())).Status.ShouldBe(200);
        Should.Throw<ArgumentException>(() => sandbox.Server.Faults = new() { ShortPages = 1 }).Message.ShouldContain("short_pages");
    }
}
