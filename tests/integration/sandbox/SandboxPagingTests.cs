using System.Globalization;
using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §5.5 and §5.6: order, pages, cursors, sampling.</summary>
public sealed class SandboxPagingTests
{
    [Fact]
    public async Task A_page_holds_twenty_if_not_said_otherwise()
    {
        await using var sandbox = await WithVideosAsync(30);
        var reply = await sandbox.VideosAsync(Dkpol(""));
        (reply.Ids.Count, reply.Cursor, reply.HasMore).ShouldBe((20, 20, true));
    }

    [Fact]
    public async Task The_search_id_is_a_text_of_nineteen_digits_and_of_the_last_hour()
    {
        await using var sandbox = await WithVideosAsync(1);
        var id = long.Parse((await sandbox.VideosAsync(Dkpol())).SearchId, CultureInfo.InvariantCulture);
        id.ToString(CultureInfo.InvariantCulture).Length.ShouldBe(19);
        (Now - DateTimeOffset.FromUnixTimeSeconds(id >> 32)).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task The_cursor_counts_positions_and_pages_drop_the_gone()
    {
        await using var sandbox = await WithVideosAsync(145);
        for (var i = 0; i < 145; i += 3)
        {
            sandbox.Server.World.Add(Video(i) with { GoneAt = Now.AddDays(-1) });
        }

        var pages = await sandbox.AllPagesAsync();
        pages.Select(page => (page.Cursor, page.HasMore)).ShouldBe([(100, true), (145, false)]);
        pages[0].Ids.Count.ShouldBeLessThan(70);
        pages.Sum(page => page.Ids.Count).ShouldBe(145 - 49);
    }

    [Fact]
    public async Task A_whole_page_of_deleted_items_is_empty_and_has_more()
    {
        await using var sandbox = await WithVideosAsync(250);
        for (var i = 50; i < 150; i++)
        {
            sandbox.Server.World.Add(Video(i) with { GoneAt = Now.AddDays(-1) });
        }

        var pages = await sandbox.AllPagesAsync();
        pages.Select(page => (page.Ids.Count, page.HasMore)).ShouldBe([(100, true), (0, true), (50, false)]);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public async Task A_page_that_ends_the_index_has_no_more(int count, bool more)
    {
        await using var sandbox = await WithVideosAsync(count);
        var reply = await sandbox.VideosAsync(Dkpol());
        (reply.Cursor, reply.HasMore).ShouldBe((100, more));
    }

    [Fact]
    public async Task Without_a_result_it_is_a_success_with_an_empty_list()
    {
        await using var sandbox = await WithVideosAsync(0);
        var reply = await sandbox.VideosAsync(Dkpol());
        (reply.Status, reply.Ids.Count, reply.Cursor, reply.HasMore).ShouldBe((200, 0, 0, false));
        reply.SearchId.ShouldNotBeEmpty();
        sandbox.Server.Faults = new() { BareEmptyResults = true };
        var bare = await sandbox.VideosAsync(Dkpol());
        bare.Data.EnumerateObject().Select(member => member.Name).ShouldBe(["cursor", "has_more"], ignoreOrder: true);
    }

    [Fact]
    public async Task The_order_is_descending_by_id_where_create_time_may_step_back()
    {
        await using var sandbox = await StartAsync();
        var reply = await sandbox.VideosAsync(Body(Query(Condition("region_code", "EQ", "DK")), "20260301", "20260303", ",\"max_count\":100"));
        reply.Ids.ShouldBe(reply.Ids.OrderDescending());
        reply.Ids.Distinct().Count().ShouldBe(reply.Ids.Count);
        foreach (var video in reply.Videos)
        {
            var lag = video.GetProperty("create_time").GetInt64() - (video.GetProperty("id").GetInt64() >> 32);
            lag.ShouldBeInRange(20, 77);
        }
    }

    [Fact]
    public async Task All_pages_together_are_the_truth_once_each()
    {
        await using var sandbox = await StartAsync();
        var query = Query(Condition("region_code", "IN", "DK", "SE"), Condition("hashtag_name", "IN", "dkpol", "klima"));
        var start = new DateOnly(2026, 3, 1);
        var end = new DateOnly(2026, 3, 31);
        var pages = new List<Reply> { await sandbox.VideosAsync(Body(query, "20260301", "20260331", ",\"max_count\":100")) };
        while (pages[^1].HasMore)
        {
            pages.Add(await sandbox.VideosAsync(Body(query, "20260301", "20260331", $",\"max_count\":100,\"cursor\":{pages[^1].Cursor.ToString(CultureInfo.InvariantCulture)},\"search_id\":\"{pages[^1].SearchId}\"")));
        }

        var truth = sandbox.Server.World.Find(SandboxQuery.Parse(query), start, end);
        pages.Count.ShouldBeGreaterThan(3);
        pages.SelectMany(page => page.Ids).ShouldBe(truth.Select(video => video.Id));
        var index = sandbox.Server.World.Index(SandboxQuery.Parse(query), start, end, Now).Count;
        pages[^1].Cursor.ShouldBe(index);
        ((double)truth.Count / index).ShouldBeInRange(0.65, 0.85);
    }

    [Fact]
    public async Task A_search_keeps_the_positions_of_its_first_page()
    {
        await using var sandbox = await WithVideosAsync(150);
        var first = await sandbox.VideosAsync(Dkpol());
        sandbox.Server.World.Add(Video(1000));
        var second = await sandbox.VideosAsync(Page(first));
        second.Cursor.ShouldBe(150);
        second.Ids.Count.ShouldBe(50);
    }

    [Fact]
    public async Task A_search_id_belongs_to_its_query()
    {
        await using var sandbox = await WithVideosAsync(150);
        var first = await sandbox.VideosAsync(Dkpol());
        var other = Body(Query(Condition("hashtag_name", "EQ", "klima")), more: $",\"cursor\":100,\"search_id\":\"{first.SearchId}\"");
        var reply = await sandbox.VideosAsync(other);
        (reply.Status, reply.Code, reply.ErrorText).ShouldBe((400, "invalid_params", $"Search Id {first.SearchId} is invalid or expired"));
        var otherDays = Body(Query(Condition("hashtag_name", "EQ", "dkpol")), "20260202", more: $",\"cursor\":100,\"search_id\":\"{first.SearchId}\"");
        (await sandbox.VideosAsync(otherDays)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task The_same_page_can_be_read_again()
    {
        await using var sandbox = await WithVideosAsync(150);
        var first = await sandbox.VideosAsync(Dkpol());
        var once = await sandbox.VideosAsync(Page(first));
        (await sandbox.VideosAsync(Page(first))).Ids.ShouldBe(once.Ids);
    }

    [Fact]
    public async Task Later_pages_may_be_cut_otherwise_than_the_first()
    {
        await using var sandbox = await WithVideosAsync(150);
        var first = await sandbox.VideosAsync(Dkpol(",\"max_count\":10"));
        var second = await sandbox.VideosAsync(Page(first));
        (first.Cursor, second.Cursor, second.Ids.Count).ShouldBe((10, 110, 100));
    }

    [Fact]
    public async Task Random_is_a_sample_that_never_ends()
    {
        await using var sandbox = await WithVideosAsync(300);
        var one = await sandbox.VideosAsync(Dkpol(",\"max_count\":100,\"is_random\":true"));
        var two = await sandbox.VideosAsync(Dkpol(",\"max_count\":100,\"is_random\":true"));
        (one.Ids.Count, one.HasMore).ShouldBe((100, true));
        one.Ids.ShouldNotBe([.. one.Ids.OrderDescending()]);
        one.Ids.Order().SequenceEqual(two.Ids.Order()).ShouldBeFalse();
        one.Ids.Intersect(two.Ids).ShouldNotBeEmpty();
    }
}
