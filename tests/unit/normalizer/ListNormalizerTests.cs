using System.Text;
using System.Text.Json.Nodes;
using IssueObservatory.Mesh.Normalizer;
using IssueObservatory.Mesh.Ucr;
using IssueObservatory.Mesh.V1;
using Shouldly;
using Xunit;
using static IssueObservatory.Mesh.Tests.Normalizer.ListPages;

namespace IssueObservatory.Mesh.Tests.Normalizer;

/// <summary>What the pages of each list become.</summary>
public sealed class ListNormalizerTests
{
    private const string Video = "7385291384628315438";
    private static readonly AuthorPseudonyms Pseudonyms = Videos.Pseudonyms;

    [Fact]
    public void A_comment_is_a_record_without_an_author()
    {
        var read = Read(ApiEndpoint.Comments, Video, """
            {"comments":[{"id":7386111311412321184,"video_id":7385291384628315438,"parent_comment_id":7385291384628315438,
              "text":"Hej @Bo.B! #dkpol","like_count":50,"reply_count":10,"create_time":1719713129,"display_name":"Anna A"}],"cursor":1,"has_more":false}
            """).Items.ShouldHaveSingleItem();
        read.Names!.Username.ShouldBeNull();
        read.Matches.ShouldBe([new ClauseMatch(ClauseOf(ApiEndpoint.Comments, Video).ClauseId, Attributed: true)]);
        read.Day.ShouldBe(new DateOnly(2024, 6, 30));
        var record = Present(read);
        (record.ContentType, record.PlatformId, record.Url, record.AuthorName, record.AuthorDisplayName, record.PseudonymizedAuthorId).ShouldBe(("comment", "7386111311412321184", null, null, null, null));
        record.Id.ShouldBe(RecordId.Of(Videos.Lab, "tiktok", "7386111311412321184"));
        record.TextContent.ShouldBe($"Hej @{Pseudonyms.ShortOf("bo.b")}! #dkpol");
        record.ContentHash.ShouldBe(ContentHash.Of("Hej @Bo.B! #dkpol"));
        record.PublishedAt.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_719_713_129));
        (record.ViewsCount, record.LikesCount, record.SharesCount, record.CommentsCount).ShouldBe((null, 50, null, 10));
        record.EngagementScore.ShouldBe(EngagementScore.Of(null, 50, null, 10));
        record.RawMetadata.Parents.ShouldBe(new CommentParents(Video, CommentId: null));
        record.RawMetadata.Withheld.ShouldBe(["author_display_name"]);
        (record.TermMatched, record.SearchTermsMatched.Count).ShouldBe((false, 0));
    }

    [Fact]
    public void A_reply_names_its_comment_and_an_empty_text_is_a_record()
    {
        var read = Read(ApiEndpoint.Replies, "12", """{"comments":[{"id":34,"parent_comment_id":12,"text":"","create_time":1740510402},{"id":35,"text":"ja"}]}""").Items;
        var (empty, orphan) = (Present(read[0]), Present(read[1]));
        (empty.TextContent, empty.ContentHash, empty.Language, empty.EngagementScore).ShouldBe((null, null, null, null));
        empty.RawMetadata.Parents.ShouldBe(new CommentParents(PostId: null, "12"));
        empty.RawMetadata.Withheld.ShouldBeEmpty();
        orphan.RawMetadata.Parents.ShouldBe(new CommentParents(PostId: null, "12"));
        orphan.RawMetadata.Caveats.ShouldBe(["published_at_is_fetch_time"]);
        read[1].Day.ShouldBe(new DateOnly(2016, 9, 1));
        Present(Read(ApiEndpoint.Comments, Video, """{"comments":[{"id":36}]}""").Items[0]).RawMetadata.Parents!.PostId.ShouldBe(Video);
    }

    [Theory]
    [InlineData(ApiEndpoint.LikedVideos, "user_liked_videos")]
    [InlineData(ApiEndpoint.PinnedVideos, "pinned_videos_list")]
    [InlineData(ApiEndpoint.RepostedVideos, "reposted_videos")]
    [InlineData(ApiEndpoint.RepostedVideos, "user_reposted_videos")]
    public void The_videos_of_a_user_s_lists_are_videos_that_came_for_the_list(ApiEndpoint endpoint, string key)
    {
        var read = Read(endpoint, "anna", $$$"""{"{{{key}}}":[{"id":77,"username":"bo","like_count":3,"create_time":1706442860}]}""").Items.ShouldHaveSingleItem();
        read.Names!.Username.ShouldBe("bo");
        read.Matches.ShouldBe([new ClauseMatch(ClauseOf(endpoint, "anna").ClauseId, Attributed: true)]);
        var record = Present(read);
        (record.ContentType, record.PlatformId, record.LikesCount, record.PseudonymizedAuthorId).ShouldBe(("video", "77", 3, Pseudonyms.Of("bo")));
        record.RawMetadata.Parents.ShouldBeNull();
    }

    [Fact]
    public void A_profile_keeps_numbers_and_withholds_what_names_or_pictures()
    {
        var read = Read(ApiEndpoint.UserInfo, "Anna", """
            {"display_name":"Anna A","bio_description":"skriv til anna","bio_url":"https://anna.example","avatar_url":"https://cdn.example/a","is_verified":true,
             "follower_count":3,"following_count":0,"likes_count":9,"video_count":1}
            """);
        read.Received.ShouldBe(1);
        var item = read.Items.ShouldHaveSingleItem();
        item.Stored.Id.ShouldBe(Pseudonyms.Of("anna"));
        item.Names!.Username.ShouldBe("anna");
        StoredItemJson.Write(item.Stored).ShouldNotContain("anna", Case.Insensitive);
        Text(item, identified: false).ShouldBe(
            $$"""
            {"username":null,"display_name":null,"bio_description":null,"bio_url":null,"avatar_url":null,"is_verified":true,"follower_count":3,"following_count":0,"likes_count":9,"video_count":1,"withheld":["username","display_name","bio_description","bio_url","avatar_url"]}
            """);
        Text(item, identified: true).ShouldBe(
            """
            {"username":"anna","display_name":"Anna A","bio_description":"skriv til anna","bio_url":"https://anna.example","avatar_url":"https://cdn.example/a","is_verified":true,"follower_count":3,"following_count":0,"likes_count":9,"video_count":1,"withheld":[]}
            """);
    }

    [Fact]
    public void An_edge_is_the_same_from_both_ends()
    {
        var follower = Read(ApiEndpoint.Followers, "anna", """{"user_followers":[{"username":"Bo","display_name":"Bo B"},{"display_name":"uden"}],"cursor":1,"has_more":false}""");
        var followed = Read(ApiEndpoint.Following, "bo", """{"user_following":[{"username":"anna","display_name":"Anna A"}]}""");
        follower.BadItems.ShouldBe([new BadItem(1, "no user name")]);
        var (one, other) = (follower.Items.ShouldHaveSingleItem(), followed.Items.ShouldHaveSingleItem());
        one.Stored.Key.ShouldBe($"follow:{Pseudonyms.Of("bo")}:{Pseudonyms.Of("anna")}");
        other.Stored.Key.ShouldBe(one.Stored.Key);
        (one.Names!.Username, one.Names.OtherUsername).ShouldBe(("bo", "anna"));
        (other.Names!.Username, other.Names.OtherUsername).ShouldBe(("bo", "anna"));
        Text(one, identified: false).ShouldBe(
            $$"""
            {"follower":"{{Pseudonyms.Of("bo")}}","followed":"{{Pseudonyms.Of("anna")}}","follower_username":null,"followed_username":null,"follower_display_name":null,"followed_display_name":null,"withheld":["follower_username","followed_username","follower_display_name"]}
            """);
        Text(other, identified: true).ShouldContain("\"followed_display_name\":\"Anna A\"");
    }

    [Fact]
    public void A_playlist_shop_product_and_review_keep_what_TikTok_said()
    {
        var playlist = Read(ApiEndpoint.Playlist, "9", """
            {"playlist_id":9,"playlist_name":"til @Bo","playlist_item_total":3,"playlist_last_updated":1712345678,"playlist_video_ids":[5,4,5],"cursor":2,"has_more":true}
            """).Items.ShouldHaveSingleItem();
        (playlist.Stored.Key, playlist.Names).ShouldBe(("playlist:9", null));
        Text(playlist, identified: false).ShouldBe(
            $$"""
            {"playlist_id":"9","playlist_name":"til @{{Pseudonyms.ShortOf("bo")}}","playlist_item_total":3,"playlist_last_updated":1712345678,"playlist_video_ids":["5","4"],"withheld":[]}
            """);

        Text(Read(ApiEndpoint.Shop, "en butik", """{"shop_data":[{"shop_id":1,"shop_name":"en butik","shop_rating":"4.5","item_sold_count":7}]}""").Items[0], identified: false).ShouldBe(
            """{"shop_id":"1","shop_name":"en butik","shop_rating":4.5,"shop_review_count":null,"item_sold_count":7,"shop_performance_value":null,"withheld":[]}""");

        var product = Read(ApiEndpoint.Products, "1", """{"product_data":[{"product_id":"2","product_name":"kop","product_price":["20.79GBP"],"product_rating_5_count":6}]}""").Items[0];
        Text(product, identified: false).ShouldBe(
            """{"product_id":"2","shop_id":"1","shop_name":null,"product_name":"kop","product_description":null,"product_price":["20.79GBP"],"product_rating":null,"product_review_count":null,"product_rating_1_count":null,"product_rating_2_count":null,"product_rating_3_count":null,"product_rating_4_count":null,"product_rating_5_count":6,"product_sold_count":null,"withheld":[]}""");

        var reviews = Read(ApiEndpoint.Reviews, "2", """
            {"review_data":[{"review_text":"god","review_rating":"FIVE","review_like_count":1,"create_time":1722879716021,"display_name":"Bo B"},
              {"review_text":"god","review_rating":"FIVE","review_like_count":8,"create_time":1722879716021,"display_name":"Anna A"},{"review_text":"god","review_rating":"ONE","create_time":1722879716021},{}]}
            """);
        reviews.BadItems.ShouldBe([new BadItem(3, "neither text, rating nor time")]);
        reviews.Items[1].Stored.Key.ShouldBe(reviews.Items[0].Stored.Key);
        reviews.Items[2].Stored.Key.ShouldNotBe(reviews.Items[0].Stored.Key);
        Text(reviews.Items[0], identified: false).ShouldBe(
            """{"product_id":"2","product_name":null,"review_text":"god","review_rating":"FIVE","review_like_count":1,"create_time":1722879716021,"display_name":null,"withheld":["display_name"]}""");
    }

    [Theory]
    [InlineData(ApiEndpoint.Comments, "comments")]
    [InlineData(ApiEndpoint.Followers, "user_followers")]
    [InlineData(ApiEndpoint.Shop, "shop_data")]
    [InlineData(ApiEndpoint.LikedVideos, "user_liked_videos")]
    public void Items_that_cannot_be_read_go_to_quarantine_and_a_list_that_is_not_there_is_empty(ApiEndpoint endpoint, string key)
    {
        Reader(List("p", endpoint, "7", new JsonObject { ["has_more"] = false, ["cursor"] = 0 })).ShouldBe((0, 0, 0));
        Reader(List("p", endpoint, "7", JsonNode.Parse($$$"""{"{{{key}}}":[7,{"id":{}}]}""")!)).ShouldBe((2, 0, 2));
        Reader(List("p", endpoint, "", JsonNode.Parse("{}")!)).ShouldBe((0, 0, 1));

        static (int Received, int Items, int Bad) Reader(StoredPage page) =>
            Videos.Reader.Normalize(page) is var read ? (read.Received, read.Items.Count, read.BadItems.Count) : default;
    }

    [Fact]
    public void What_is_too_large_goes_to_quarantine_alone_and_names_count_too()
    {
        var large = new string('a', 2 * 1024 * 1024);
        var comments = Videos.Reader.Normalize(List("p", ApiEndpoint.Comments, "7", JsonNode.Parse($$"""{"comments":[{"id":1,"text":"{{large}}"},{"id":2,"display_name":"{{large}}"},{"id":3}]}""")!));
        comments.BadItems.ShouldBe([new BadItem(0, "too_large"), new BadItem(1, "too_large")]);
        comments.Items.ShouldHaveSingleItem().Stored.Id.ShouldBe("3");
        Videos.Reader.Normalize(List("p", ApiEndpoint.UserInfo, "anna", new JsonObject { ["bio_description"] = large })).BadItems.ShouldBe([new BadItem(-1, "too_large")]);
    }

    [Fact]
    public void A_refused_user_is_nothing_and_a_profile_without_anything_is_looked_at()
    {
        var refused = Videos.Page("p", """{"data":{},"error":{"code":"invalid_params","message":"cannot find the user"}}""", "invalid_params") with { Endpoint = ApiEndpoint.UserInfo, Subject = "anna" };
        var read = Videos.Reader.Normalize(refused);
        (read.Received, read.Items.Count, read.BadItems.Count).ShouldBe((0, 0, 0));
        Videos.Reader.Normalize(List("p", ApiEndpoint.UserInfo, "anna", new JsonObject())).BadItems.ShouldHaveSingleItem().Position.ShouldBe(-1);
    }

    private static NormalizedPage Read(ApiEndpoint endpoint, string subject, string data) => Videos.Reader.Normalize(List("p", endpoint, subject, JsonNode.Parse(data)!));

    private static UniversalContentRecord Present(NormalizedItem item) => new RecordPresenter(Pseudonyms).Begin(Videos.Lab).Of(new(item.Stored, [], 0));

    /// <summary>A document's line without what is the same for all, so from its first field on.</summary>
    private static string Text(NormalizedItem item, bool identified)
    {
        var selection = Select(DocumentType.Unspecified, identified);
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using var lines = new ItemLines(new RecordPresenter(Pseudonyms).Begin(Videos.Lab, selection), buffer);
        lines.Write(new(item.Stored, [(selection, new Membership(1, Unattributed: false, []))], 1, item.Names));
        var line = Encoding.UTF8.GetString(buffer.WrittenSpan).TrimEnd('\n');
        var head = $"\"id\":\"{RecordId.Of(Videos.Lab, "tiktok", item.Stored.Key)}\",\"type\":\"{item.Stored.Type.Name()}\",\"key\":\"{item.Stored.Id}\",\"collected_at\":\"2026-04-01T12:00:00Z\",";
        line.ShouldStartWith("{" + head);
        return line.Replace(head, "", StringComparison.Ordinal);
    }
}
