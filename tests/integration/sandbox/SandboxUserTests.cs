using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §6.2 to §6.4: accounts.</summary>
public sealed class SandboxUserTests
{
    private static readonly string[] Eight =
        ["display_name", "bio_description", "avatar_url", "is_verified", "follower_count", "following_count", "likes_count", "video_count"];

    [Fact]
    public async Task User_info_has_all_eight_fields_and_no_username()
    {
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        sandbox.Server.World.Add(new SandboxCreator { Username = "vibe_dk", DisplayName = "Vibe", Followers = 7, Following = 8, Likes = 9, Videos = 10, IsVerified = true });
        var reply = await sandbox.UserAsync("vibe_dk");
        reply.Status.ShouldBe(200);
        reply.Data.EnumerateObject().Select(member => member.Name).ShouldBe(Eight, ignoreOrder: true);
        reply.Data.GetProperty("bio_description").GetString().ShouldBe("");
        reply.Data.GetProperty("follower_count").GetInt64().ShouldBe(7);
        reply.Data.GetProperty("avatar_url").GetString().ShouldNotBeNull().ShouldContain("x-expires=");
    }

    [Fact]
    public async Task A_bio_url_is_there_only_when_there_is_one()
    {
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        sandbox.Server.World.Add(new SandboxCreator { Username = "a" });
        sandbox.Server.World.Add(new SandboxCreator { Username = "b", BioUrl = "https://b.invalid" });
        (await sandbox.UserAsync("a", "bio_url")).Data.EnumerateObject().ShouldBeEmpty();
        (await sandbox.UserAsync("b", "bio_url")).Data.GetProperty("bio_url").GetString().ShouldBe("https://b.invalid");
    }

    [Fact]
    public async Task An_unknown_user_is_400_and_not_404()
    {
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        var reply = await sandbox.UserAsync("nobody");
        (reply.Status, reply.Code, reply.ErrorText).ShouldBe((400, "invalid_params", "`username: nobody` is invalid: cannot find the user"));
    }

    [Fact]
    public async Task A_refused_user_says_so()
    {
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        sandbox.Server.World.Add(new SandboxCreator { Username = "young", Refused = true });
        var reply = await sandbox.UserAsync("young");
        (reply.Status, reply.Code, reply.ErrorText).ShouldBe((400, "invalid_params", "API cannot return this user's information"));
    }

    [Fact]
    public async Task Counts_of_users_are_live()
    {
        await using var sandbox = await StartAsync();
        var name = sandbox.Server.World.Creators.First(creator => creator is { Refused: false, Followers: > 10_000 }).Username;
        var before = (await sandbox.UserAsync(name)).Data.GetProperty("follower_count").GetInt64();
        sandbox.Server.Clock.Advance(TimeSpan.FromDays(30));
        await sandbox.RenewTokenAsync();
        (await sandbox.UserAsync(name)).Data.GetProperty("follower_count").GetInt64().ShouldBeGreaterThan(before);
    }

    [Theory]
    [InlineData("/v2/research/user/info/?fields=username", """{"username":"a"}""")]
    [InlineData("/v2/research/user/info/", """{"username":"a"}""")]
    [InlineData("/v2/research/user/info/?fields=display_name", """{"name":"a"}""")]
    [InlineData("/v2/research/user/followers/", """{}""")]
    [InlineData("/v2/research/user/followers/", """{"username":"a","max_count":101}""")]
    public async Task Bad_user_requests_are_400_invalid_params(string path, string body)
    {
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        sandbox.Server.World.Add(new SandboxCreator { Username = "a" });
        var reply = await sandbox.PostAsync(path, body);
        (reply.Status, reply.Code).ShouldBe((400, "invalid_params"));
    }

    [Theory]
    [InlineData("followers")]
    [InlineData("following")]
    public async Task Followers_page_back_in_time_where_zero_means_now(string kind)
    {
        await using var sandbox = await StartAsync();
        var owner = sandbox.Server.World.Creators.First(creator => creator is { Refused: false, Followers: > 150, Following: > 150 }).Username;
        var cursor = 0L;
        var pages = new List<Reply>();
        do
        {
            pages.Add(await sandbox.PostAsync($"/v2/research/user/{kind}/", JsonSerializer.Serialize(new { username = owner, max_count = 100, cursor })));
            pages[^1].Cursor.ShouldBeLessThan(cursor == 0 ? Now.ToUnixTimeSeconds() : cursor);
            cursor = pages[^1].Cursor;
        }
        while (pages[^1].HasMore);
        pages.Count.ShouldBeGreaterThan(1);
        pages[0].Data.GetProperty("user_" + kind).GetArrayLength().ShouldBe(100);
        pages[0].Data.GetProperty("user_" + kind)[0].EnumerateObject().Select(member => member.Name).ShouldBe(["username", "display_name"], ignoreOrder: true);
        var past = await sandbox.PostAsync($"/v2/research/user/{kind}/", JsonSerializer.Serialize(new { username = owner, cursor = 1 }));
        past.Data.TryGetProperty("user_" + kind, out _).ShouldBeFalse();
    }
}
