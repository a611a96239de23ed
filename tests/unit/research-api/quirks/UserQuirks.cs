using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.ResearchApi.ResearchEndpoints;
using static IssueObservatory.Mesh.Tests.ResearchApi.Quirks.Answers;

namespace IssueObservatory.Mesh.Tests.ResearchApi.Quirks;

/// <summary>Comments and everything about users and playlists: §6.1 to §6.8 of the contract.</summary>
public sealed class UserQuirks
{
    [Fact]
    public void S6_1_comments_are_asked_for_by_exactly_one_of_video_and_comment_as_a_number()
    {
        Body(Comments.Ask("7385291384628315438")).ShouldBe("""{"video_id":7385291384628315438,"max_count":100}""");
        Body(Replies.Ask("7386111311412321184") with { Cursor = 100, MaxCount = 10 }).ShouldBe("""{"comment_id":7386111311412321184,"max_count":10,"cursor":100}""");
        Comments.Path.ShouldBe(Replies.Path);
        Refused(Comments.Ask("1 or 2")).ShouldBe(["video_id"]);
    }

    [Fact]
    public void S6_1_display_name_is_in_no_table_so_it_is_asked_for_only_by_name()
    {
        Comments.Ask("1").Target.ShouldBe("/v2/research/video/comment/list/?fields=id,video_id,text,like_count,reply_count,parent_comment_id,create_time");
        (Comments.Ask("1") with { Fields = ["id", "display_name"] }).Validate().ShouldBeEmpty();
        Item<CommentItem>("""{"id":1,"display_name":"n"}""").ShouldSatisfyAllConditions(comment => comment.DisplayName.ShouldBe("n"), comment => comment.UnknownFields.ShouldBeEmpty());
    }

    [Fact]
    public void S6_1_a_reply_may_lack_its_video_and_a_sticker_has_no_text()
    {
        var page = Good(Comments, """{"comments":[{"id":2,"video_id":1,"parent_comment_id":1,"text":"","create_time":1719713129},{"id":"3","parent_comment_id":"2","like_count":0}]}""");

        Items<CommentItem>(page).Select(comment => (comment.Id, comment.VideoId, comment.ParentCommentId, comment.Text, comment.LikeCount))
            .ShouldBe([("2", "1", "1", "", null), ("3", null, "2", null, 0)]);
        page.Items[0].CreateTime.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1719713129));
    }

    [Fact]
    public void S6_1_no_more_than_the_first_thousand_are_asked_for_unless_it_is_known_better()
    {
        Body(Comments.Ask("1") with { Cursor = 950 }).ShouldContain("\"max_count\":50,\"cursor\":950");
        Refused(Comments.Ask("1") with { Cursor = 1000 }).ShouldBe(["cursor"]);

        var tenth = Good(Comments, """{"comments":[{"id":1}],"cursor":1000,"has_more":true}""");
        Comments.After(900, tenth, asked: 100).ShouldBeNull();
        tenth.HasMore.ShouldBeTrue();
        (Comments with { Reach = null }).After(900, tenth, asked: 100).ShouldBe(1000);
        Body((Comments with { Reach = null }).Ask("1") with { Cursor = 1000 }).ShouldContain("\"max_count\":100,\"cursor\":1000");
    }

    [Fact]
    public void S6_1_a_page_without_a_cursor_is_the_end_or_goes_on_by_counting()
    {
        Comments.After(100, Good(Comments, """{"has_more":false}"""), asked: 100).ShouldBeNull();
        Comments.After(100, Good(Comments, """{"comments":[{"id":1}],"has_more":true}"""), asked: 100).ShouldBe(200);
    }

    [Fact]
    public void S6_2_a_profile_does_not_say_whose_it_is_and_a_username_in_it_is_no_news()
    {
        var answer = PageReader.ReadAnswer<UserInfoItem>(UserInfo, Utf8("""{"data":{"username":"x","display_name":"X","bio_description":"","follower_count":"7","new":1},"error":{"code":"ok"}}"""), 200);

        answer.Item.ShouldNotBeNull().ShouldSatisfyAllConditions(
            user => (user.DisplayName, user.BioDescription, user.FollowerCount, user.VideoCount).ShouldBe(("X", "", 7, null)),
            user => user.UnknownFields.ShouldBe(["new"]));
        Body(UserInfo.Ask("x")).ShouldBe("""{"username":"x"}""");
    }

    [Fact]
    public void S6_2_a_user_who_cannot_be_found_is_an_answer_and_not_a_status() =>
        Error(UserInfo, "invalid_params", "`username: x` is invalid: cannot find the user", 400).Reaction.ShouldBe(ApiReaction.AcceptRefusal);

    [Fact]
    public void S6_3_followers_are_counted_by_time_and_zero_means_now()
    {
        Body(Followers.Ask("x")).ShouldBe("""{"username":"x","max_count":100}""");
        Body(Followers.Ask("x") with { Cursor = 1706837834 }).ShouldBe("""{"username":"x","max_count":100,"cursor":1706837834}""");

        var page = Good(Followers, """{"user_followers":[{"username":"a.b","display_name":"A"}],"cursor":1706837834,"has_more":true}""");
        Followers.After(0, page, asked: 100).ShouldBe(1706837834);
        Followers.Advances(0, 1706837834).ShouldBeTrue();
        Followers.Advances(1706837834, 1706837800).ShouldBeTrue();
        Followers.Advances(1706837834, 1706837834).ShouldBeFalse();
        Followers.Advances(1706837834, 1706837900).ShouldBeFalse();
        Items<FollowItem>(page).Single().Username.ShouldBe("a.b");
    }

    [Fact]
    public void S6_3_what_stands_on_the_border_of_two_pages_is_known_again_by_its_name()
    {
        var page = Good(Followers, """{"user_followers":[{"username":"a.b"},{"display_name":"nobody"},{"username":"c\u0000d"}],"cursor":1,"has_more":true}""");

        page.Items.Select(item => item.Id).ShouldBe(["a.b", null, "cd"]);
        $"{page} {page.Items[0]}".ShouldNotContain("a.b");
    }

    [Fact]
    public void S6_3_promised_pages_that_nobody_says_how_to_get_are_no_progress()
    {
        var next = Followers.After(1706837834, Good(Followers, """{"has_more":true}"""), asked: 100);

        next.ShouldBe(1706837834);
        Followers.Advances(1706837834, next!.Value).ShouldBeFalse();
    }

    [Fact]
    public void S6_3_nobody_is_an_absent_list()
    {
        var page = Good(Followers, """{"cursor":1706837834,"has_more":false}""");

        (page.Error.IsOk, page.Items.Count).ShouldBe((true, 0));
        Followers.After(0, page, asked: 100).ShouldBeNull();
    }

    [Fact]
    public void S6_4_following_and_followers_have_a_budget_of_their_own() =>
        ResearchEndpoints.All.Where(endpoint => endpoint.IsFollow).ShouldBe([Followers, Following]);

    [Fact]
    public void S6_5_the_cursor_of_liked_videos_goes_back_unchanged()
    {
        var page = Good(LikedVideos, """{"user_liked_videos":[{"id":123123123123123123123}],"cursor":1706457371000,"has_more":true}""");

        LikedVideos.After(0, page, asked: 100).ShouldBe(1706457371000);
        Body(LikedVideos.Ask("x") with { Cursor = 1706457371000 }).ShouldEndWith("\"cursor\":1706457371000}");
        LikedVideos.Advances(1706457371000, 1706457371000).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"data":{},"error":{"code":"","message":""}}""")]
    [InlineData("""{"error":{"code":"forbidden"}}""")]
    [InlineData("""{"error":{"code":"invalid_params","message":"no"}}""")]
    [InlineData("{}")]
    public void S6_5_a_403_says_that_likes_are_hidden(string body)
    {
        var error = Page(LikedVideos, body, 403).Error;

        (error.InvalidParams, error.Reaction).ShouldBe((InvalidParamsKind.LikesHidden, ApiReaction.AcceptRefusal));
        Page(PinnedVideos, body, 403).Error.InvalidParams.ShouldNotBe(InvalidParamsKind.LikesHidden);
    }

    [Fact]
    public void S6_5_a_403_with_a_code_that_is_known_means_that_code()
    {
        Error(LikedVideos, "scope_not_authorized", "", 403).Reaction.ShouldBe(ApiReaction.StopEndpoint);
        Error(LikedVideos, "access_token_invalid", "", 403).Reaction.ShouldBe(ApiReaction.RenewToken);
        Page(LikedVideos, "<html>blocked</html>", 403).Error.Class.ShouldBe(ApiErrorClass.Unreadable);
    }

    [Fact]
    public void S6_5_the_videos_of_users_have_20_fields_and_favourites_are_asked_for_only_by_name()
    {
        LikedVideos.Fields!.Names.Count.ShouldBe(20);
        LikedVideos.Fields.Names.Intersect(["effect_ids", "playlist_id", "voice_to_text"]).ShouldBeEmpty();
        LikedVideos.Ask("x").Target.ShouldNotContain("favo");
        LikedVideos.Fields.Parse("id,favorites_count").Value.ShouldBe(["id", "favourites_count"]);
        RepostedVideos.Fields!.Parse("favorites_count").Value.ShouldBe(["favourites_count"]);
    }

    [Fact]
    public void S6_6_pinned_videos_are_one_page_spelled_the_other_way()
    {
        Body(PinnedVideos.Ask("x")).ShouldBe("""{"username":"x"}""");
        Refused(PinnedVideos.Ask("x") with { Cursor = 3 }).ShouldBe(["cursor"]);
        PinnedVideos.Fields!.Parse("favourites_count").Value.ShouldBe(["favorites_count"]);

        var page = Good(PinnedVideos, """{"pinned_videos_list":[{"id":1},{"id":2},{"id":3}]}""");
        Items<VideoItem>(page).Count.ShouldBe(3);
        PinnedVideos.After(0, page, asked: 100).ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"reposted_videos":[{"id":1}],"cursor":7,"has_more":true}""")]
    [InlineData("""{"user_reposted_videos":[{"id":1}],"cursor":7,"has_more":true}""")]
    [InlineData("""{"reposted_videos":[{"id":1}],"user_reposted_videos":[],"cursor":7,"has_more":true}""")]
    [InlineData("""{"user_reposted_videos":null,"reposted_videos":[{"id":1}],"cursor":7,"has_more":true}""")]
    public void S6_7_reposted_videos_are_read_under_both_keys(string data)
    {
        var page = Good(RepostedVideos, data);

        page.Error.IsOk.ShouldBeTrue();
        page.Items.ShouldHaveSingleItem().Id.ShouldBe("1");
        RepostedVideos.After(0, page, asked: 100).ShouldBe(7);
    }

    [Fact]
    public void S6_8_a_playlist_is_the_ids_of_its_videos_and_what_it_says_of_itself()
    {
        var page = Good(Playlist, """{"playlist_id":12345678910,"playlist_item_total":3,"playlist_last_updated":1706457371,"playlist_name":"n","playlist_video_ids":[7,"8",99999999999999999999,{}],"cursor":3,"has_more":false}""");

        page.Items.Select(item => item.Id).ShouldBe(["7", "8", "99999999999999999999", null]);
        Item<PlaylistItem>(page.Data).ShouldSatisfyAllConditions(
            list => (list.PlaylistId, list.Name, list.ItemTotal).ShouldBe(("12345678910", "n", 3)),
            list => list.LastUpdated.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1706457371)),
            list => list.VideoIds.ShouldBe(["7", "8", "99999999999999999999"]),
            list => list.UnknownFields.ShouldBeEmpty());
        Body(Playlist.Ask("12345678910")).ShouldBe("""{"playlist_id":12345678910,"max_count":100}""");
    }

    [Fact]
    public void S6_8_an_old_answer_that_does_not_speak_of_pages_is_whole_when_it_has_all()
    {
        Good(Playlist, """{"playlist_id":1,"playlist_item_total":2,"playlist_video_ids":[7,8]}""").HasMore.ShouldBeFalse();
        Good(Playlist, """{"playlist_id":1,"playlist_item_total":3,"playlist_video_ids":[7,8]}""").HasMore.ShouldBeTrue();
    }

    [Fact]
    public void S6_8_a_playlist_that_always_sends_500_is_read() =>
        Page(Playlist, """{"data":{"playlist_id":1,"playlist_video_ids":[7],"has_more":false},"error":{"code":"ok","message":"ok"}}""", 500).Items.ShouldHaveSingleItem();
}
