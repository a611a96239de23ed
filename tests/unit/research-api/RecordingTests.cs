using System.Text;
using System.Text.Json;
using IssueObservatory.Mesh.ResearchApi;
using Shouldly;
using Xunit;

namespace IssueObservatory.Mesh.Tests.ResearchApi;

public sealed class RecordingTests
{
    [Theory]
    [InlineData("recorded/api_videos_response_page_1_of_2.json")]
    [InlineData("recorded/api_videos_response_unicode_with_null_bytes.json")]
    [InlineData("recorded/video_by_id_response.json")]
    [InlineData("docs/video_query_response.json")]
    [InlineData("docs/getting_started_video_query_page1_response.json")]
    [InlineData("docs/getting_started_video_query_page2_response.json")]
    public void Whole_envelopes_are_read_with_every_item(string name)
    {
        var body = Recordings.Read(name);
        using var truth = JsonDocument.Parse(body);
        var data = truth.RootElement.GetProperty("data");

        var page = PageReader.Read(body, 200);

        page.Error.IsOk.ShouldBeTrue();
        page.HasMore.ShouldBe(data.GetProperty("has_more").GetBoolean());
        page.Cursor.ShouldBe(data.GetProperty("cursor").GetInt64());
        page.SearchId.ShouldBe(data.GetProperty("search_id").GetString());
        page.Items.Count.ShouldBe(data.GetProperty("videos").GetArrayLength());
        AllItemsAreRead(page);
    }

    [Theory]
    [InlineData("recorded/popular_US_20220101-20220129_page1_response_data.json", 79)]
    [InlineData("recorded/hashtag_US_20240303-20240304_page1_videos.json", 78)]
    [InlineData("recorded/video_by_id_response_data_april2024.json", 1)]
    public void Recorded_data_without_an_envelope_is_read_once_it_has_one(string name, int expected)
    {
        using var recording = JsonDocument.Parse(Recordings.Read(name));
        var root = recording.RootElement;
        var videos = (root.TryGetProperty("data", out var data) ? data : root).GetProperty("videos");

        var page = PageReader.Read(Encoding.UTF8.GetBytes($$$"""{"data":{"videos":{{{videos.GetRawText()}}},"has_more":true,"cursor":100}}"""), 200);

        page.Items.Count.ShouldBe(expected);
        AllItemsAreRead(page);
    }

    [Fact]
    public void Both_pages_of_a_recorded_crawl_give_regions_in_capitals()
    {
        using var recording = JsonDocument.Parse(Recordings.Read("recorded/hashtag_US_20240301-20240302_pages.json"));
        var counts = new List<int>();
        foreach (var list in recording.RootElement.GetProperty("pages").EnumerateArray())
        {
            var page = PageReader.Read(Encoding.UTF8.GetBytes($$$"""{"data":{"videos":{{{list.GetRawText()}}}}}"""), 200);
            counts.Add(page.Items.Count);
            AllItemsAreRead(page).ShouldAllBe(video => video.RegionCode == "US");
        }

        counts.ShouldBe([75, 4]);
    }

    [Fact]
    public void A_recorded_NUL_in_a_username_is_stripped()
    {
        var video = AllItemsAreRead(PageReader.Read(Recordings.Read("recorded/api_videos_response_unicode_with_null_bytes.json"), 200)).ShouldHaveSingleItem();

        video.Username.ShouldNotBeNull().ShouldNotContain("\0");
        Encoding.UTF8.GetString(Recordings.Read("recorded/api_videos_response_unicode_with_null_bytes.json")).ShouldContain("\\u0000");
    }

    [Theory]
    [InlineData("recorded/http400_invalid_count_or_cursor.json", 400, ApiErrorClass.InvalidParams)]
    [InlineData("recorded/http401_access_token_invalid.json", 401, ApiErrorClass.AccessTokenInvalid)]
    [InlineData("recorded/http401_scope_not_authorized_fragment.json", 401, ApiErrorClass.ScopeNotAuthorized)]
    [InlineData("recorded/http429_daily_quota_limit_exceeded.json", 429, ApiErrorClass.DailyQuota)]
    [InlineData("docs/error_struct_example.json", 401, ApiErrorClass.AccessTokenInvalid)]
    public void Recorded_errors_are_classified(string name, int status, ApiErrorClass expected) =>
        PageReader.Read(Recordings.Read(name), status).Error.Class.ShouldBe(expected);

    [Fact]
    public void Recorded_profiles_and_refusals_are_read()
    {
        using var profiles = JsonDocument.Parse(Recordings.Read("recorded/hashtag_US_20240303-20240304_page1_user_info.json"));
        foreach (var profile in profiles.RootElement.EnumerateArray())
        {
            var user = PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, Encoding.UTF8.GetBytes($$$"""{"data":{{{profile.GetRawText()}}},"error":{"code":"ok"}}"""), 200).Item.ShouldNotBeNull();
            user.FollowerCount.ShouldBe(profile.GetProperty("follower_count").GetInt64());
            user.DisplayName.ShouldNotBeNull();
        }

        using var errors = JsonDocument.Parse(Recordings.Read("recorded/user_info_errors.json"));
        var kinds = errors.RootElement.EnumerateArray()
            .Select(error => PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, Encoding.UTF8.GetBytes($$$"""{"error":{{{error.GetProperty("error").GetRawText()}}}}"""), 400).Error.InvalidParams)
            .ToArray();
        kinds.ShouldAllBe(kind => kind == InvalidParamsKind.UserNotFound || kind == InvalidParamsKind.UserNotReturned);
        kinds.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Recorded_and_documented_comments_are_read()
    {
        var recorded = Page(ResearchEndpoints.Comments, "recorded/api_comments_response.json");
        (recorded.Items.Count, recorded.Cursor, recorded.HasMore).ShouldBe((6, 6, false));
        All<CommentItem>(recorded).ShouldAllBe(comment => comment.ParentCommentId == comment.VideoId && comment.Text != null && comment.CreateTime != null && comment.LikeCount == 0);

        All<CommentItem>(Page(ResearchEndpoints.Comments, "docs/comments_by_video_id_response.json")).Single().ReplyCount.ShouldBe(10);
        var reply = All<CommentItem>(Page(ResearchEndpoints.Replies, "docs/comments_by_comment_id_response.json")).Single();
        (reply.VideoId, reply.DisplayName, reply.ParentCommentId).ShouldBe((null, "test", "1234567876543"));
    }

    [Fact]
    public void Documented_lists_of_users_are_read()
    {
        var followers = Page(ResearchEndpoints.Followers, "docs/user_followers_response.json");
        All<FollowItem>(followers).Select(edge => edge.Username).ShouldBe(followers.Items.Select(item => item.Id));
        ResearchEndpoints.Followers.After(0, followers, asked: 100).ShouldBe(1706837834);

        var following = Page(ResearchEndpoints.Following, "docs/user_following_response.json");
        All<FollowItem>(following).Count.ShouldBe(3);
        ResearchEndpoints.Following.After(0, following, asked: 100).ShouldBe(1650642422);
    }

    [Fact]
    public void Documented_videos_of_users_are_read()
    {
        var liked = Page(ResearchEndpoints.LikedVideos, "docs/user_liked_videos_response.json");
        All<VideoItem>(liked).Single().Id.ShouldBe("123123123123123123123");
        liked.Cursor.ShouldBe(1706457371000);

        All<VideoItem>(Page(ResearchEndpoints.PinnedVideos, "docs/user_pinned_videos_response.json")).Select(video => video.LikeCount).ShouldBe([6205646, 1464523, 189552]);

        var reposted = Page(ResearchEndpoints.RepostedVideos, "docs/user_reposted_videos_response.json");
        All<VideoItem>(reposted).Select(video => video.RegionCode).ShouldBe(["MD", "DO"]);
        (reposted.Cursor, reposted.HasMore).ShouldBe((7, true));
    }

    [Fact]
    public void The_documented_playlist_is_read()
    {
        var page = Page(ResearchEndpoints.Playlist, "docs/playlist_info_response.json");

        page.Items.Select(item => item.Id).ShouldBe(["12345678910", "10987654321"]);
        ItemReader.TryRead<PlaylistItem>(page.Data, out var list, out _).ShouldBeTrue();
        (list.PlaylistId, list.Name, list.ItemTotal).ShouldBe(("12345678910", "example name", 10));

        // As printed it was updated in May 1970.
        list.UnreadableFields.ShouldBe(["playlist_last_updated"]);
    }

    [Fact]
    public void Documented_shops_products_and_reviews_are_read()
    {
        All<ShopItem>(Page(ResearchEndpoints.Shop, "docs/shop_info_response.json")).Single().ShopRating.ShouldBe(4.5);
        All<ProductItem>(Page(ResearchEndpoints.Products, "docs/shop_products_response.json")).Single().RatingCounts.ShouldBe([116, 47, 112, 353, 2693]);
        All<ReviewItem>(Page(ResearchEndpoints.Reviews, "docs/shop_reviews_response.json")).Single().ReviewRating.ShouldBe("FIVE");
    }

    [Fact]
    public void Documented_validation_tasks_are_read()
    {
        Answer(ResearchEndpoints.CreateValidationTask, "docs/validation_task_create_response.json").TaskId.ShouldBe("12345678910987654321");
        Answer(ResearchEndpoints.ValidationTaskStatus, "docs/validation_task_status_response.json").State.ShouldBe(ValidationTaskState.Completed);

        static ValidationTaskItem Answer(ResearchEndpoint endpoint, string name) => PageReader.ReadAnswer<ValidationTaskItem>(endpoint, Recordings.Read(name), 200).Item.ShouldNotBeNull();
    }

    [Fact]
    public void Examples_that_are_no_JSON_as_printed_are_read_when_a_comma_is_all_that_is_wrong()
    {
        PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, Recordings.Read("docs/user_info_response.raw.txt"), 200).Item.ShouldNotBeNull().VideoCount.ShouldBe(44);
        Page(ResearchEndpoints.LikedVideos, "docs/user_liked_videos_response.raw.txt").Items.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("docs/user_info_response.json")]
    [InlineData("docs/getting_started_user_info_response.json")]
    public void Documented_profiles_are_read(string name) =>
        PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, Recordings.Read(name), 200).Item.ShouldNotBeNull().VideoCount.ShouldNotBeNull();

    [Fact]
    public void Documented_token_answers_are_read()
    {
        Token("docs/client_token_success.json", 200).ShouldBeOfType<TokenGranted>().Lifetime.ShouldBe(TimeSpan.FromHours(2));
        Token("docs/client_token_error.json", 200).ShouldBeOfType<TokenRefused>().ShouldSatisfyAllConditions(
            refused => refused.Code.ShouldBe("invalid_request"),
            refused => refused.LogId.ShouldBe("202206221854370101130062072500FFA2"),
            refused => refused.Permanent.ShouldBeTrue());
        Token("docs/oauth_malformed_error.json", 400).ShouldBeOfType<TokenRefused>();

        static TokenResult Token(string name, int status) => TokenReader.Read(
            new() { SentAt = default, Latency = default, Target = "", RequestBody = default, Status = status, Body = Recordings.Read(name) });
    }

    [Fact]
    public void Nothing_documented_or_recorded_makes_a_reader_throw()
    {
        foreach (var file in Directory.EnumerateFiles(Recordings.Folder, "*", SearchOption.AllDirectories))
        {
            var body = File.ReadAllBytes(file);
            var page = PageReader.Read(body, 200);
            foreach (var endpoint in ResearchEndpoints.All)
            {
                PageReader.Read(endpoint, body, 200).Error.ShouldNotBeNull();
            }

            PageReader.ReadAnswer<UserInfoItem>(ResearchEndpoints.UserInfo, body, 200);
            if (file.EndsWith(".raw.txt", StringComparison.Ordinal))
            {
                page.Error.ShouldNotBeNull();
            }
        }
    }

    private static PageFacts Page(ResearchEndpoint endpoint, string name)
    {
        var page = PageReader.Read(endpoint, Recordings.Read(name), 200);
        page.Error.IsOk.ShouldBeTrue();
        return page;
    }

    /// <summary>Every item, of which nothing is unreadable or unknown.</summary>
    private static List<T> All<T>(PageFacts page)
        where T : class, IResearchItem<T>
    {
        var items = new List<T>();
        foreach (var item in page.Items)
        {
            ItemReader.TryRead<T>(item.Bytes, out var read, out var error).ShouldBeTrue($"{error}");
            read!.UnreadableFields.ShouldBeEmpty();
            read.UnknownFields.ShouldBeEmpty();
            items.Add(read);
        }

        return items;
    }

    private static List<VideoItem> AllItemsAreRead(PageFacts page)
    {
        var videos = new List<VideoItem>();
        foreach (var item in page.Items)
        {
            ItemReader.TryRead<VideoItem>(item.Bytes, out var video, out var error).ShouldBeTrue($"{error}");
            using var truth = JsonDocument.Parse(item.Bytes);
            var root = truth.RootElement;
            video!.Id.ShouldBe((root.TryGetProperty("id", out var id) ? id : root.GetProperty("video_id")).GetRawText());
            video.CreateTime.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(root.GetProperty("create_time").GetInt64()));
            video.LikeCount.ShouldBe(root.TryGetProperty("like_count", out var likes) ? likes.GetInt64() : null);
            video.HashtagNames.ShouldBe(root.GetProperty("hashtag_names").EnumerateArray().Select(tag => tag.GetString()!));
            video.UnreadableFields.ShouldBeEmpty();
            video.UnknownFields.ShouldBeEmpty();
            videos.Add(video);
        }

        return videos;
    }
}
