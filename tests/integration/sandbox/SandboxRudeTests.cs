using System.Globalization;
using System.Text.Json;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §11: what goes wrong by chance, and that it does by default.</summary>
public sealed class SandboxRudeTests
{
    [Fact]
    public async Task It_is_rude_unless_told_otherwise()
    {
        await using var rude = await SandboxServer.StartAsync(new() { EmptyWorld = true }, CancellationToken.None);
        rude.Faults.ShouldBe(SandboxFaults.Rude);
        await using var polite = await SandboxServer.StartAsync(new() { EmptyWorld = true, Manners = SandboxManners.Polite }, CancellationToken.None);
        polite.Faults.ShouldBe(SandboxFaults.Polite);
        var faults = new SandboxFaults { ShortPages = 0.1 };
        await using var exact = await SandboxServer.StartAsync(new() { EmptyWorld = true, Faults = faults }, CancellationToken.None);
        exact.Faults.ShouldBeSameAs(faults);
    }

    [Fact]
    public async Task Section_5_7_a_share_of_fresh_searches_is_not_ready_in_all_three_shapes_and_every_one_becomes_so()
    {
        await using var sandbox = await WithVideosAsync(150, SandboxFaults.Rude with { ServerErrors = [] });
        var shapes = new HashSet<string>(StringComparer.Ordinal);
        var ready = 0;
        for (var i = 0; i < 120; i++)
        {
            var first = await sandbox.VideosAsync(Dkpol());
            var refusals = 0;
            Reply second;
            while ((second = await sandbox.VideosAsync(Page(first))).Status != 200)
            {
                shapes.Add($"{second.Status} {second.ErrorText!.Split(' ')[0]}");
                (++refusals).ShouldBeLessThanOrEqualTo(2);
            }

            ready += refusals == 0 ? 1 : 0;
        }

        shapes.Order(StringComparer.Ordinal).ShouldBe(["400 Invalid", "400 Search", "500 Something"]);
        ready.ShouldBeInRange(70, 110);
    }

    [Fact]
    public async Task Section_5_7_a_search_can_be_unready_for_a_time()
    {
        await using var sandbox = await WithVideosAsync(150, new() { SearchIdNotReadyFor = TimeSpan.FromSeconds(8) });
        var first = await sandbox.VideosAsync(Dkpol());
        (await sandbox.VideosAsync(Page(first))).Status.ShouldBe(400);
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(7));
        (await sandbox.VideosAsync(Page(first))).Status.ShouldBe(400);
        sandbox.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        (await sandbox.VideosAsync(Page(first))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Section_5_6_empty_pages_come_by_chance_and_lose_nothing()
    {
        await using var sandbox = await WithVideosAsync(1000, new() { EmptyPages = 0.4 });
        var pages = await sandbox.AllPagesAsync();
        pages.Count(page => page.Ids.Count == 0).ShouldBeInRange(1, 9);
        pages.SelectMany(page => page.Ids).Distinct().Count().ShouldBe(1000);
    }

    [Fact]
    public async Task Section_5_9_a_sparse_search_loses_most_of_its_later_pages_in_lower_case_and_another_finds_them()
    {
        await using var sandbox = await WithVideosAsync(700, new() { SparseSearches = 1 });
        var pages = await sandbox.AllPagesAsync();
        pages[0].Ids.Count.ShouldBe(100);
        pages[0].Videos[0].GetProperty("region_code").GetString().ShouldBe("DK");
        pages.Skip(1).SelectMany(page => page.Videos).ShouldAllBe(video => video.GetProperty("region_code").GetString() == "dk");
        pages.Sum(page => page.Ids.Count).ShouldBeInRange(150, 270);
        pages[^1].Cursor.ShouldBe(pages.Sum(page => page.Ids.Count), "the index itself is shorter, so the cursor does not tell");
        sandbox.Server.Faults = new();
        (await sandbox.AllPagesAsync()).Sum(page => page.Ids.Count).ShouldBe(700);
    }

    [Fact]
    public async Task Section_5_6_a_search_id_can_change_in_the_middle_and_both_work()
    {
        await using var sandbox = await WithVideosAsync(450, new() { SearchIdChanges = 1 });
        var pages = await sandbox.AllPagesAsync();
        pages.Select(page => page.SearchId).Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(2);
        pages.SelectMany(page => page.Ids).Distinct().Count().ShouldBe(450);
        pages.Skip(2).Select(page => page.SearchId).ShouldNotContain(pages[0].SearchId, "a new id stays until the next one");
        (await sandbox.VideosAsync(Page(pages[0]))).Ids.ShouldBe(pages[1].Ids);
    }

    [Fact]
    public async Task Section_0_9_zero_videos_can_be_a_success_without_a_word()
    {
        await using var sandbox = await WithVideosAsync(5, new() { SilentZeros = 1 });
        var reply = await sandbox.VideosAsync(Dkpol());
        (reply.Status, reply.Code, reply.Ids.Count, reply.HasMore).ShouldBe((200, "ok", 0, false));
    }

    [Fact]
    public async Task Section_5_2_a_poisonous_username_sinks_every_batch_that_names_it()
    {
        await using var sandbox = await WithVideosAsync(5, new() { PoisonousUsernames = ["giftig"] });
        (await sandbox.VideosAsync(Body(Query(Condition("username", "IN", "fjord.for.kommunen", "giftig"))))).Status.ShouldBe(500);
        (await sandbox.VideosAsync(Body(Query(Condition("username", "IN", "fjord.for.kommunen"))))).Ids.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Section_0_2_ids_can_come_as_text()
    {
        await using var sandbox = await WithVideosAsync(1, new() { IdsAsText = true });
        var id = (await sandbox.VideosAsync(Dkpol())).Videos[0].GetProperty("id");
        (id.ValueKind, id.GetString()).ShouldBe((JsonValueKind.String, Video(0).Id.ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Section_5_8_a_share_of_requests_fails_and_counts()
    {
        await using var sandbox = await WithVideosAsync(1, new() { ServerErrors = [new(0.95)] });
        var statuses = new List<int>();
        for (var i = 0; i < 200; i++)
        {
            statuses.Add((await sandbox.VideosAsync(Dkpol())).Status);
        }

        statuses.Count(status => status == 200).ShouldBeInRange(1, 25);
        statuses.ShouldAllBe(status => status == 200 || status == 500);
        sandbox.Server.Usage[0].Used.ShouldBe(200);
    }

    [Theory]
    [InlineData("20260201", "20260209", 200)]
    [InlineData("20260201", "20260210", 500)]
    [InlineData("20260213", "20260214", 200)]
    public async Task Section_5_8_a_failure_can_be_of_days_and_of_an_endpoint(string start, string end, int status)
    {
        await using var sandbox = await WithVideosAsync(1, new() { ServerErrors = [new(1, SandboxEndpoint.VideoQuery, new(2026, 2, 10), new(2026, 2, 12))] });
        (await sandbox.VideosAsync(Body(Query(Condition("hashtag_name", "EQ", "dkpol")), start, end))).Status.ShouldBe(status);
        (await sandbox.UserAsync("nobody")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_same_seed_goes_wrong_the_same_way_whatever_else_is_asked()
    {
        (await FirstTwentyAsync(1, between: false)).ShouldBe(await FirstTwentyAsync(1, between: true));
        (await FirstTwentyAsync(1, between: false)).ShouldNotBe(await FirstTwentyAsync(2, between: false));
    }

    [Fact]
    public async Task Rude_pages_together_hold_every_video_of_the_searches_that_are_not_sparse()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            await using var sandbox = await WithVideosAsync(450, SandboxFaults.Rude with { SparseSearches = 0 }, new() { Seed = seed });
            var pages = await sandbox.AllPagesAsync();
            pages.SelectMany(page => page.Root.GetProperty("data").TryGetProperty("videos", out _) ? page.Ids : []).Distinct().Count().ShouldBe(450);
        }
    }

    private static async Task<string> FirstTwentyAsync(int seed, bool between)
    {
        await using var sandbox = await WithVideosAsync(250, SandboxFaults.Rude, new() { Seed = seed });
        var results = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var reply = await sandbox.VideosAsync(Dkpol());
            results.Add(reply.Status == 200 ? string.Create(CultureInfo.InvariantCulture, $"{reply.Cursor} {reply.Ids.Count}") : "500");
            if (between)
            {
                await sandbox.UserAsync("nobody");
            }
        }

        return string.Join(", ", results);
    }
}
