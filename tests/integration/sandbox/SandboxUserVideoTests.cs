using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §6.3 to §6.8: what hangs on an account.</summary>
public sealed class SandboxUserVideoTests
{
    [Fact]
    public async Task Section_6_5_likes_are_hidden_by_nearly_everybody_with_400_or_403()
    {
        await using var sandbox = await StartAsync();
        var statuses = new List<int>();
        foreach (var creator in sandbox.Server.World.Creators.Where(creator => !creator.Refused).Take(60))
        {
            statuses.Add((await sandbox.AskAsync("user/liked_videos", "id", new { username = creator.Username.TrimEnd('\0') })).Status);
        }

        statuses.Count(status => status == 400).ShouldBeGreaterThan(15);
        statuses.Count(status => status == 403).ShouldBeGreaterThan(15);
        sandbox.Server.World.Creators.Count(creator => creator.LikesArePublic).ShouldBeInRange(1, 10);
    }

    [Fact]
    public async Task Section_6_5_public_likes_page_back_in_milliseconds()
    {
        await using var sandbox = await StartAsync();
        var owner = sandbox.Server.World.Creators.First(creator => creator is { LikesArePublic: true, Refused: false }).Username;
        var ids = new List<long>();
        Reply page;
        var cursor = 0L;
        do
        {
            page = await sandbox.AskAsync("user/liked_videos", "id,favourites_count", new { username = owner, max_count = 100, cursor });
            ids.AddRange(page.List("user_liked_videos").Select(video => video.GetProperty("id").GetInt64()));
            (cursor == 0 || page.Cursor < cursor).ShouldBeTrue();
            cursor = page.Cursor;
        }
        while (page.HasMore);

        (cursor / 1000).ShouldBeInRange(Now.AddYears(-4).ToUnixTimeSeconds(), Now.ToUnixTimeSeconds());
        ids.ShouldBe(sandbox.Server.World.LikedBy(owner).Where(like => sandbox.Server.World.IsShown(like.Video, Now)).Select(like => like.Video.Id));
        ids.Count.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Section_6_6_pinned_videos_have_no_pages_and_spell_favorites_otherwise()
    {
        await using var sandbox = await WithVideosAsync(3);
        sandbox.Server.World.Add(new SandboxCreator { Username = "fjord.for.kommunen", Pinned = [Video(2).Id, Video(0).Id] });
        var reply = await sandbox.AskAsync("user/pinned_videos", "id,favorites_count", new { username = "fjord.for.kommunen" });
        reply.Keys.ShouldBe(["pinned_videos_list"]);
        reply.List("pinned_videos_list").Select(video => video.GetProperty("id").GetInt64()).ShouldBe([Video(2).Id, Video(0).Id]);
        (await sandbox.AskAsync("user/pinned_videos", "favourites_count", new { username = "fjord.for.kommunen" })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Section_6_6_generated_pins_are_three_at_most_and_some_have_none()
    {
        await using var sandbox = await StartAsync();
        var counts = sandbox.Server.World.Creators.Take(30).Select(creator => sandbox.Server.World.PinnedBy(creator.Username)).ToList();
        counts.ShouldAllBe(pins => pins.Count <= 3);
        counts.ShouldContain(pins => pins.Count == 3);
        counts.ShouldContain(pins => pins.Count == 0);
    }

    [Fact]
    public async Task Section_6_7_reposts_page_by_index_under_the_key_of_the_example_and_drop_the_gone()
    {
        await using var sandbox = await WithVideosAsync(30);
        sandbox.Server.World.Add(Video(3) with { GoneAt = Now.AddDays(-1) });
        sandbox.Server.World.Add(new SandboxCreator { Username = "vibe_dk", Reposted = [.. Enumerable.Range(0, 30).Select(number => Video(number).Id)] });
        var first = await sandbox.AskAsync("user/reposted_videos", "id", new { username = "vibe_dk" });
        (first.Cursor, first.HasMore, first.List("reposted_videos").Count).ShouldBe((20, true, 19));
        var second = await sandbox.AskAsync("user/reposted_videos", "id", new { username = "vibe_dk", cursor = first.Cursor });
        (second.Cursor, second.HasMore, second.List("reposted_videos").Count).ShouldBe((30, false, 10));
    }

    [Fact]
    public async Task Section_6_7_only_some_accounts_repost_anything_and_then_the_key_is_there()
    {
        await using var sandbox = await StartAsync();
        var creators = sandbox.Server.World.Creators.Where(creator => !creator.Refused && creator.Username.All(character => character != '\0')).Take(60).ToList();
        var some = creators.Where(creator => sandbox.Server.World.RepostedBy(creator.Username).Count > 0).ToList();
        some.Count.ShouldBeInRange(5, 40);
        (await sandbox.AskAsync("user/reposted_videos", "id", new { username = creators.Except(some).First().Username })).Keys.ShouldBe(["cursor", "has_more"]);
        (await sandbox.AskAsync("user/reposted_videos", "id", new { username = some[0].Username })).List("reposted_videos").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Section_6_3_on_or_before_repeats_the_boundary_when_asked_to_and_always_leads_on()
    {
        await using var sandbox = await StartAsync(new() { Faults = new() { BoundaryDuplicates = true } });
        var owner = sandbox.Server.World.Creators.First(creator => creator is { Refused: false, Private: false, Followers: > 150 and < 1000 }).Username;
        var names = new List<string>();
        Reply page;
        var cursor = 0L;
        do
        {
            page = await sandbox.AskAsync("user/followers", null, new { username = owner, max_count = 100, cursor });
            names.AddRange(page.List("user_followers").Select(user => user.GetProperty("username").GetString()!));
            cursor = page.Cursor;
        }
        while (page.HasMore);

        var truth = sandbox.Server.World.FollowersOf(owner);
        names.Count.ShouldBe(truth.Count + ((names.Count - 1) / 100), "each page but the first begins with the last entry of the one before");
        (names[100], names[0]).ShouldBe((names[99], truth[0].Creator.Username));
        (await sandbox.AskAsync("user/followers", null, new { username = owner, max_count = 1, cursor = truth[5].Since.ToUnixTimeSeconds() })).Cursor
            .ShouldBeLessThan(truth[5].Since.ToUnixTimeSeconds(), "a page of one must lead on");
    }

    [Fact]
    public async Task Section_6_4_whom_somebody_follows_can_be_private()
    {
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        sandbox.Server.World.Add(new SandboxCreator { Username = "vibe_dk", FollowingIsPrivate = true, Following = 10 });
        var reply = await sandbox.AskAsync("user/following", null, new { username = "vibe_dk" });
        (reply.Status, reply.Code).ShouldBe((400, "invalid_params"));
        reply.ErrorText.ShouldNotBeNull().ShouldContain("is private");
        (await sandbox.AskAsync("user/followers", null, new { username = "vibe_dk" })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Section_6_3_thousands_follow_a_big_account_each_once_and_each_has_a_profile()
    {
        await using var sandbox = await StartAsync();
        var owner = sandbox.Server.World.Creators.First(creator => creator is { Refused: false, Private: false, Followers: > 10_000 }).Username;

        var followers = sandbox.Server.World.FollowersOf(owner).Select(follow => follow.Creator.Username).ToList();

        followers.Count.ShouldBeInRange(3000, 5000);
        followers.ShouldBeUnique();
        followers.ShouldNotContain(owner);
        (await sandbox.AskAsync("user/info", "display_name,follower_count", new { username = followers[1000] })).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Section_6_4_new_followers_come_as_the_clock_goes_on()
    {
        await using var sandbox = await StartAsync();
        var owner = sandbox.Server.World.Creators.First(creator => creator is { Refused: false, Followers: > 1000 }).Username;
        var before = sandbox.Server.World.FollowersOf(owner);
        sandbox.Server.Clock.Advance(TimeSpan.FromDays(10));
        var after = sandbox.Server.World.FollowersOf(owner);
        after[0].Since.ShouldBeGreaterThan(before[0].Since);
        after.ShouldContain(before[0]);
    }

    [Fact]
    public async Task Section_6_8_a_playlist_names_its_videos_by_index()
    {
        await using var sandbox = await StartAsync();
        var video = Enumerable.Range(0, 28).SelectMany(day => sandbox.Server.World.VideosOf(new(2026, 2, 1 + day))).First(video => video.PlaylistId is not null && !video.IsGone(Now));
        var reply = await sandbox.AskAsync("playlist/info", "playlist_id", new { playlist_id = video.PlaylistId });
        reply.Keys.ShouldBe(["cursor", "has_more", "playlist_id", "playlist_item_total", "playlist_last_updated", "playlist_name", "playlist_video_ids"]);
        reply.List("playlist_video_ids").Select(id => id.GetInt64()).ShouldContain(video.Id);
        (await sandbox.AskAsync("playlist/info", null, new { playlist_id = 1 })).Code.ShouldBe("invalid_params");
        sandbox.Server.World.Add(new SandboxPlaylist { Id = 7, VideoIds = [1, 2, 3] });
        var page = await sandbox.AskAsync("playlist/info", null, new { playlist_id = "7", max_count = 2 });
        (page.Cursor, page.HasMore).ShouldBe((2, true));
    }

    [Fact]
    public async Task Section_6_8_a_good_body_can_come_with_500()
    {
        await using var sandbox = await StartAsync(new() { EmptyWorld = true, Faults = new() { FalseServerErrors = [new(1, SandboxEndpoint.Playlist)] } });
        sandbox.Server.World.Add(new SandboxPlaylist { Id = 7, VideoIds = [1] });
        sandbox.Server.World.Add(new SandboxCreator { Username = "vibe_dk" });
        var reply = await sandbox.AskAsync("playlist/info", null, new { playlist_id = 7 });
        (reply.Status, reply.Code, reply.List("playlist_video_ids").Count).ShouldBe((500, "ok", 1));
        sandbox.Server.Log.All[^1].Counted.ShouldBeTrue();
        (await sandbox.UserAsync("vibe_dk")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Section_5_10_nothing_is_told_of_minors_of_canada_and_of_private_accounts()
    {
        await using var sandbox = await WithVideosAsync(3);
        sandbox.Server.World.Add(Video(1) with { RegionCode = "CA" });
        sandbox.Server.World.Add(Video(2) with { Username = "mose_dk" });
        sandbox.Server.World.Add(new SandboxCreator { Username = "mose_dk", Private = true });
        sandbox.Server.World.Add(new SandboxCreator { Username = "birk", RegionCode = "CA" });
        var page = await sandbox.VideosAsync(Dkpol());
        page.Ids.ShouldBe([Video(0).Id]);
        page.Cursor.ShouldBe(2, "the private one keeps its position");
        (await sandbox.UserAsync("birk")).ErrorText.ShouldBe("API cannot return this user's information");
        (await sandbox.UserAsync("mose_dk")).ErrorText.ShouldNotBeNull().ShouldEndWith("is private");
        foreach (var path in (string[])["user/followers", "user/following", "user/liked_videos?fields=id", "user/pinned_videos?fields=id", "user/reposted_videos?fields=id"])
        {
            (await sandbox.PostAsync("/v2/research/" + path, """{"username":"mose_dk"}""")).Status.ShouldBe(400, path);
        }
    }

    [Fact]
    public async Task Section_5_10_generated_worlds_have_hidden_accounts_too()
    {
        await using var sandbox = await StartAsync();
        var texts = new List<string>();
        foreach (var hidden in sandbox.Server.World.Hidden)
        {
            texts.Add((await sandbox.UserAsync(hidden.Username)).ErrorText!.Replace(hidden.Username, "", StringComparison.Ordinal));
        }

        texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(["API cannot return this user's information", "`username: ` is private"]);
    }
}
