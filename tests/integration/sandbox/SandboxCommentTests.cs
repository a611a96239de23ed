using IssueObservatory.Mesh.Sandbox;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Integration.Sandbox.SandboxFixture;

namespace IssueObservatory.Mesh.Integration.Sandbox;

/// <summary>Contract §6.1: comments.</summary>
public sealed class SandboxCommentTests
{
    private const string Path = "video/comment/list";
    private const string Fields = "id,video_id,text,like_count,reply_count,parent_comment_id,create_time";

    [Fact]
    public async Task Section_6_1_all_pages_together_are_the_truth_once_each_and_the_last_cursor_counts_positions()
    {
        await using var sandbox = await StartAsync();
        var video = Busy(sandbox, 150, 900);
        var ids = new List<long>();
        Reply page;
        var cursor = 0L;
        do
        {
            page = await sandbox.AskAsync(Path, Fields, new { video_id = video.Id, max_count = 100, cursor });
            page.Status.ShouldBe(200, page.Text);
            ids.AddRange(page.List("comments").Select(comment => comment.GetProperty("id").GetInt64()));
            cursor = page.Cursor;
        }
        while (page.HasMore);

        var truth = sandbox.Server.World.CommentsOf(video.Id);
        ids.ShouldBe(truth.Select(comment => comment.Id));
        cursor.ShouldBe(video.Counts.Comments);
        ids.Count.ShouldBeLessThan((int)video.Counts.Comments, "some are deleted by now");
        ids.ShouldNotBe([.. ids.Order()]);
    }

    [Fact]
    public async Task Section_6_1_a_comment_on_the_video_has_the_video_as_parent_and_a_reply_has_no_video()
    {
        await using var sandbox = await StartAsync();
        var video = Busy(sandbox, 60, 100);
        var comments = (await sandbox.AskAsync(Path, Fields, new { video_id = video.Id, max_count = 100 })).List("comments");
        comments.ShouldAllBe(comment => comment.GetProperty("parent_comment_id").GetInt64() == video.Id && comment.GetProperty("video_id").GetInt64() == video.Id);
        var parent = comments.First(comment => comment.GetProperty("reply_count").GetInt64() > 0).GetProperty("id").GetInt64();
        var replies = (await sandbox.AskAsync(Path, Fields, new { comment_id = parent, max_count = 100 })).List("comments");
        replies.Select(reply => reply.GetProperty("id").GetInt64()).ShouldBe(sandbox.Server.World.RepliesTo(parent).Select(reply => reply.Id));
        replies.ShouldNotBeEmpty();
        replies.Any(reply => reply.TryGetProperty("video_id", out _)).ShouldBeFalse();
        replies.ShouldAllBe(reply => reply.GetProperty("parent_comment_id").GetInt64() == parent);
    }

    [Theory]
    [InlineData("""{"video_id":1,"comment_id":2}""")]
    [InlineData("""{}""")]
    [InlineData("""{"video_id":1,"max_count":101}""")]
    [InlineData("""{"video_id":1,"cursor":-1}""")]
    [InlineData("""{"video_id":"x"}""")]
    public async Task Section_6_1_either_a_video_or_a_comment_and_a_hundred_at_most(string body)
    {
        await using var sandbox = await StartAsync(new() { EmptyWorld = true });
        var reply = await sandbox.PostAsync($"/v2/research/{Path}/?fields=id", body);
        (reply.Status, reply.Code).ShouldBe((400, "invalid_params"));
    }

    [Fact]
    public async Task Section_6_1_a_page_holds_ten_if_not_said_otherwise()
    {
        await using var sandbox = await StartAsync();
        var reply = await sandbox.AskAsync(Path, "id", new { video_id = Busy(sandbox, 60, 100).Id });
        (reply.Cursor, reply.HasMore).ShouldBe((10, true));
    }

    [Theory]
    [InlineData(900, 100, 1000, 200)]
    [InlineData(901, 100, 1000, 400)]
    [InlineData(1000, 1, 1000, 400)]
    [InlineData(901, 100, null, 200)]
    public async Task Section_6_1_the_cap_of_a_thousand_can_be_switched_off(long cursor, int count, int? cap, int status)
    {
        await using var sandbox = await StartAsync(new() { Rules = new() { CommentsCap = cap } });
        var reply = await sandbox.AskAsync(Path, "id", new { video_id = Busy(sandbox, 1200, 100_000).Id, cursor, max_count = count });
        reply.Status.ShouldBe(status);
        if (status == 400)
        {
            reply.ErrorText.ShouldBe("Invalid count or cursor");
        }
    }

    [Fact]
    public async Task Section_6_1_comments_can_be_undisclosed()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.World.Add(Video(0) with { CommentsDisabled = true });
        var reply = await sandbox.AskAsync(Path, "id", new { video_id = Video(0).Id });
        (reply.Status, reply.Code, reply.ErrorText).ShouldBe((400, "invalid_params", "The comments of this video are not allowed to be disclosed"));
    }

    [Fact]
    public async Task Section_6_1_without_comments_the_list_is_empty_and_the_cursor_may_be_missing()
    {
        await using var sandbox = await WithVideosAsync(1);
        (await sandbox.AskAsync(Path, "id", new { video_id = Video(0).Id })).Keys.ShouldBe(["comments", "cursor", "has_more"]);
        sandbox.Server.Faults = new() { BareEmptyResults = true };
        (await sandbox.AskAsync(Path, "id", new { video_id = Video(0).Id })).Keys.ShouldBe(["has_more"]);
    }

    [Theory]
    [InlineData("Ring på 40123430 nu", "Ring på 40******30 nu")]
    [InlineData("skriv til anna.b@post.invalid!", "skriv til a*******@****.invalid!")]
    [InlineData("kort 4571000012346471", "kort ****6471")]
    [InlineData("hus 1234567", "hus 1234567")]
    public async Task Section_6_1_personal_details_are_masked(string written, string shown)
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.World.Add(new SandboxComment { Id = Video(0).Id + (60L << 32), VideoId = Video(0).Id, ParentId = Video(0).Id, Text = written });
        var reply = await sandbox.AskAsync(Path, "text", new { video_id = Video(0).Id });
        reply.List("comments").Single().GetProperty("text").GetString().ShouldBe(shown);
    }

    [Fact]
    public async Task Section_6_1_comments_disappear_at_their_time_and_their_position_stays()
    {
        await using var sandbox = await WithVideosAsync(1);
        sandbox.Server.World.Add(new SandboxComment { Id = Video(0).Id + (60L << 32), VideoId = Video(0).Id, ParentId = Video(0).Id, GoneAt = Now.AddHours(1) });
        (await sandbox.AskAsync(Path, "id", new { video_id = Video(0).Id })).List("comments").Count.ShouldBe(1);
        sandbox.Server.Clock.Advance(TimeSpan.FromHours(1));
        var later = await sandbox.AskAsync(Path, "id", new { video_id = Video(0).Id });
        (later.List("comments").Count, later.Cursor).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Section_6_1_texts_may_be_empty_and_a_display_name_comes_only_when_asked_for()
    {
        await using var sandbox = await StartAsync();
        var video = Busy(sandbox, 95, 900);
        var texts = (await sandbox.AskAsync(Path, "text", new { video_id = video.Id, max_count = 100 })).List("comments");
        texts.ShouldContain(comment => comment.GetProperty("text").GetString() == "");
        texts.ShouldAllBe(comment => comment.EnumerateObject().Count() == 1);
        (await sandbox.AskAsync(Path, "display_name", new { video_id = video.Id })).List("comments")[0].TryGetProperty("display_name", out _).ShouldBeTrue();
    }

    /// <summary>A generated video of February that is there and has so many comments.</summary>
    private static SandboxVideo Busy(SandboxFixture sandbox, long least, long most) =>
        Enumerable.Range(0, 300).SelectMany(day => sandbox.Server.World.VideosOf(new DateOnly(2026, 2, 28).AddDays(-day)))
            .First(video => !video.IsGone(Now) && !video.CommentsDisabled && video.Counts.Comments >= least && video.Counts.Comments <= most);
}
